// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.image.TreeRecord;

/** A process found while collecting, with its table of descriptors, which it may share with others. */
record SavedProcess(TreeRecord.Task task, SavedTable table) {}
