// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import io.standpipe.StandpipeException;

/** Ptrace is refused, by a seccomp profile or a security module, though the process's fds may be copied. */
public final class PtraceRefusedException extends StandpipeException {

    PtraceRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
