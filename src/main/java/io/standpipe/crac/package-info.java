// SPDX-License-Identifier: Apache-2.0
/** Pipes across a CRaC checkpoint of the whole JVM. Needs org.crac, an optional dependency. */
@NullMarked
package io.standpipe.crac;

import org.jspecify.annotations.NullMarked;
