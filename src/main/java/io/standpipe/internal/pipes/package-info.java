// SPDX-License-Identifier: Apache-2.0
/** Pipes in this process: pairs of ends, clones made by tee, capacity, and how bytes lie in slots. */
package io.standpipe.internal.pipes;
