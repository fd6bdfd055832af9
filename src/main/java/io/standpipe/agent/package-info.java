// SPDX-License-Identifier: Apache-2.0
/** The agent, which brings Standpipe and its MXBean to a JVM whose application knows nothing of Standpipe. */
@NullMarked
package io.standpipe.agent;

import org.jspecify.annotations.NullMarked;
