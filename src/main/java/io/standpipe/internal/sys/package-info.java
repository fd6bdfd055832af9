// SPDX-License-Identifier: Apache-2.0
/**
 * Typed system calls. Each method is one call, except where it says otherwise; here, and in {@code io.standpipe.pipe}, the errno of
 * a failed call becomes an {@link io.standpipe.pipe.ErrnoException}, and nowhere else. {@link Failures} makes of that what users
 * catch.
 */
@NullMarked
package io.standpipe.internal.sys;

import org.jspecify.annotations.NullMarked;
