// SPDX-License-Identifier: Apache-2.0
/** The command {@code standpipe}. Data goes to standard output, messages to standard error. */
@NullMarked
package io.standpipe.cli;

import org.jspecify.annotations.NullMarked;
