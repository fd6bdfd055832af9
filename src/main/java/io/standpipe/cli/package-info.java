// SPDX-License-Identifier: Apache-2.0
/** The command {@code standpipe}, on picocli. Data goes to stdout, messages to stderr. */
package io.standpipe.cli;
