// SPDX-License-Identifier: Apache-2.0
/**
 * What a command takes, as a model that is declared once: the parser, {@code --help}, the manual pages and the completions of shells
 * are made of it. Commons CLI splits the arguments.
 */
@NullMarked
package io.standpipe.cli.options;

import org.jspecify.annotations.NullMarked;
