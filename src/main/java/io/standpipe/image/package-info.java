// SPDX-License-Identifier: Apache-2.0
/**
 * The image: its records, a writer and a reader. Knows bytes and offsets; no native code, and nothing of how a pipe is
 * saved or restored. The layout is drawn in {@code docs/IMAGE.md}.
 */
package io.standpipe.image;
