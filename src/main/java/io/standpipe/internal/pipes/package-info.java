// SPDX-License-Identifier: Apache-2.0
/** Pipes of this process: pairs of ends, clones made by tee, capacity, how bytes lie in slots, and where bytes are sent. */
@NullMarked
package io.standpipe.internal.pipes;

import org.jspecify.annotations.NullMarked;
