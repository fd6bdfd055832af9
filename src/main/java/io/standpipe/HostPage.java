// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.ProcessCalls;

/** The size of a page here, which is what one slot of a pipe holds. */
final class HostPage {

    static final int SIZE_BYTES = ProcessCalls.pageSizeBytes();

    private HostPage() {}
}
