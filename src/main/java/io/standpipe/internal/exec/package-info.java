// SPDX-License-Identifier: Apache-2.0
/** Becoming a command, or starting several, with restored descriptors at their old numbers. */
package io.standpipe.internal.exec;
