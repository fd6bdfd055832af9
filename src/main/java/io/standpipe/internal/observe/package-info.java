// SPDX-License-Identifier: Apache-2.0
/** What becomes of each checkpoint and restore, for those who operate the JVM: counters, and events of the flight recorder. */
@NullMarked
package io.standpipe.internal.observe;

import org.jspecify.annotations.NullMarked;
