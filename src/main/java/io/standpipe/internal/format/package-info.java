// SPDX-License-Identifier: Apache-2.0
/**
 * The image: its records, the reader that checks them, the writer that lays them out, and the object hash. Pure Java, without
 * native code: it runs anywhere.
 */
@NullMarked
package io.standpipe.internal.format;

import org.jspecify.annotations.NullMarked;
