// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

/** ERROR: whoever wrote the image gave up before its end; a STRING with the reason follows, and no TAIL. */
public record ErrorRecord() implements ImageRecord {

    @Override
    public int type() {
        return RecordType.ERROR;
    }

    @Override
    public int lengthBytes() {
        return HEADER_LENGTH;
    }

    @Override
    public void encodeBody(RecordFields record) {}
}
