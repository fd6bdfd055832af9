// SPDX-License-Identifier: Apache-2.0
/** Freezing processes while their pipes are cloned, and thawing them. */
@NullMarked
package io.standpipe.internal.freeze;

import org.jspecify.annotations.NullMarked;
