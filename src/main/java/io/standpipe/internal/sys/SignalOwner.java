// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import java.nio.ByteBuffer;

/**
 * Who gets the signals of an open file description with O_ASYNC ({@code struct f_owner_ex}).
 *
 * @param type {@link #THREAD}, {@link #PROCESS} or {@link #GROUP}
 * @param id the id of the thread, process or process group; 0 for nobody
 */
public record SignalOwner(int type, int id) {

    public static final int THREAD = 0;
    public static final int PROCESS = 1;
    public static final int GROUP = 2;

    static final int LENGTH_BYTES = 8;
    private static final int ID_OFFSET = 4;

    static SignalOwner read(ByteBuffer fields) {
        return new SignalOwner(fields.getInt(0), fields.getInt(ID_OFFSET));
    }

    void write(ByteBuffer fields) {
        fields.putInt(0, type).putInt(ID_OFFSET, id);
    }
}
