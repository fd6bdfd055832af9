// SPDX-License-Identifier: Apache-2.0
/**
 * Images of CRIU, as far as they are about pipes and FIFOs: the files of a dump, their messages, and what they say of processes,
 * descriptors and pipes. Protocol Buffers decodes the messages; this package alone knows it.
 */
@NullMarked
package io.standpipe.cli.criu;

import org.jspecify.annotations.NullMarked;
