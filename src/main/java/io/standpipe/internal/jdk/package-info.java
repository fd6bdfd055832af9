// SPDX-License-Identifier: Apache-2.0
/** Java objects that stand for pipes: the fd below a stream, a channel or a process, and channels made over an fd. */
@NullMarked
package io.standpipe.internal.jdk;

import org.jspecify.annotations.NullMarked;
