// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;

/** The size of a memory page of this host, which is what one slot of a pipe holds. */
public final class PageSize {

    public static final int SIZE_BYTES = Native.sp_page_size();

    private PageSize() {}
}
