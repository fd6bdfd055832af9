// SPDX-License-Identifier: Apache-2.0
/** Becoming a command, or starting several, with restored pipes at their old fds. */
@NullMarked
package io.standpipe.internal.exec;

import org.jspecify.annotations.NullMarked;
