// SPDX-License-Identifier: Apache-2.0
/** The agent: Standpipe in a JVM that knows nothing of it, and its MXBean. */
package io.standpipe.agent;
