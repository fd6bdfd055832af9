// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.internal.format.TreeRecord;



/** A process found while collecting, with its table of descriptors, which it may share with others. */
public record SavedProcess(TreeRecord.Task task, SavedTable table) {}
