// SPDX-License-Identifier: Apache-2.0
/** Pipes that are in use: their ends are held, handed to another command, or drained. */
@NullMarked
package io.standpipe.internal.live;

import org.jspecify.annotations.NullMarked;
