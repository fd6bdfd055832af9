// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;


/** The size of a page here, which is what one slot of a pipe holds. */
public final class PageSize {

    public static final int SIZE_BYTES = ProcessCalls.pageSizeBytes();

    private PageSize() {}
}
