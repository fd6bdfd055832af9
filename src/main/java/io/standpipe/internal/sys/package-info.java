// SPDX-License-Identifier: Apache-2.0
/**
 * Typed system calls over the native methods: each method is one call, and each failed call becomes an
 * {@link io.standpipe.pipe.ErrnoException} here and nowhere else.
 */
package io.standpipe.internal.sys;
