// SPDX-License-Identifier: Apache-2.0

/** How the agent comes into an application: one class on its class path, and the agent in a class loader of its own. */
@NullMarked
package io.standpipe.boot;

import org.jspecify.annotations.NullMarked;
