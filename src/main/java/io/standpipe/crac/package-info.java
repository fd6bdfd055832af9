// SPDX-License-Identifier: Apache-2.0
/** Pipes across a CRaC checkpoint of the whole JVM. Needs org.crac, an optional dependency. */
package io.standpipe.crac;
