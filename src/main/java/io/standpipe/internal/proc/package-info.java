// SPDX-License-Identifier: Apache-2.0
/** What /proc shows of processes: their fds, descendants and blocked calls, and who holds a pipe; and limits of the kernel. */
@NullMarked
package io.standpipe.internal.proc;

import org.jspecify.annotations.NullMarked;
