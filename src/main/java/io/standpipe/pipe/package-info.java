// SPDX-License-Identifier: Apache-2.0
/**
 * The thin API: Linux pipes by their system calls, for programs that want nothing else. Each method of
 * {@link io.standpipe.pipe.Pipes} is one call. Flags are parameters, lengths are in bytes, and a failed call throws
 * {@link io.standpipe.pipe.ErrnoException}, whose message reads like the call; its number
 * is ELIBACC where the native library cannot be loaded.
 */
@NullMarked
package io.standpipe.pipe;

import org.jspecify.annotations.NullMarked;
