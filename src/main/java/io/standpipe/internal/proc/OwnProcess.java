// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.format.TreeRecord;
import io.standpipe.internal.sys.ProcessCalls;




/** This process among others. */
public final class OwnProcess {

    private OwnProcess() {}

    /** As an image has it; asked each time, since a process can be carried elsewhere. */
    public static TreeRecord.Task task() {
        int pid = ProcessCalls.pid();
        return new TreeRecord.Task(
                pid, ProcessCalls.parent(), pid, ProcessCalls.processGroup(), ProcessCalls.session(), 0);
    }
}
