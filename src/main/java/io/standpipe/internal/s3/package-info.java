// SPDX-License-Identifier: Apache-2.0
/** Objects of an S3 store: written in parts, read in order, and compared with the hashes that the store reports. */
@NullMarked
package io.standpipe.internal.s3;

import org.jspecify.annotations.NullMarked;
