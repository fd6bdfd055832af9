// SPDX-License-Identifier: Apache-2.0
/** Images in an object store that speaks S3. Needs software.amazon.awssdk:s3, an optional dependency. */
@NullMarked
package io.standpipe.s3;

import org.jspecify.annotations.NullMarked;
