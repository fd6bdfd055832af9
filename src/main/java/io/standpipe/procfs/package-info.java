// SPDX-License-Identifier: Apache-2.0
/** What /proc says: of processes and their descriptors, of this kernel and its limits. */
package io.standpipe.procfs;
