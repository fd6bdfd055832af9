// SPDX-License-Identifier: Apache-2.0
/** Java objects that stand for pipes: the descriptor behind a stream, a channel or a process, and the other way round. */
package io.standpipe.internal.jdk;
