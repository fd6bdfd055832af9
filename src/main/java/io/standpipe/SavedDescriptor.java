// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

/** A descriptor found while collecting: a number for an open file description. */
record SavedDescriptor(int number, boolean closeOnExec, SavedDescription description) {}
