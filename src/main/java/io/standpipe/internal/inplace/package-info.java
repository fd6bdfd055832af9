// SPDX-License-Identifier: Apache-2.0
/** Restoring in place: putting restored ends at the fds where a running JVM has the old ones. */
@NullMarked
package io.standpipe.internal.inplace;

import org.jspecify.annotations.NullMarked;
