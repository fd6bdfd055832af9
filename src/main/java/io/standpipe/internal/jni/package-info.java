// SPDX-License-Identifier: Apache-2.0
/** The C shim as Java sees it: its functions, and how their library is found and loaded. */
@NullMarked
package io.standpipe.internal.jni;

import org.jspecify.annotations.NullMarked;
