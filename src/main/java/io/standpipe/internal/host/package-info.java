// SPDX-License-Identifier: Apache-2.0
/** What is tried of the kernel, of limits and permissions, where that harms nobody. */
@NullMarked
package io.standpipe.internal.host;

import org.jspecify.annotations.NullMarked;
