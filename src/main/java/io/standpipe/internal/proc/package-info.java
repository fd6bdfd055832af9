// SPDX-License-Identifier: Apache-2.0
/** What /proc tells about processes: their descriptors, trees, blocked calls, and who holds a pipe. */
package io.standpipe.internal.proc;
