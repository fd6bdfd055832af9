// SPDX-License-Identifier: Apache-2.0
/**
 * The thin API: pipes as the kernel has them. Each method is one system call; flags are parameters, sizes are in bytes, and a
 * failed call throws {@link io.standpipe.pipe.ErrnoException}, whose message reads like the call.
 */
package io.standpipe.pipe;
