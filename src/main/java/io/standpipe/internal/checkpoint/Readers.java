// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.internal.sys.ProcessCalls;
import java.util.BitSet;
import java.util.List;

/** The saved processes that read what others write. What such a process has taken out of a pipe and not used yet is in no pipe. */
final class Readers {

    private Readers() {}

    /** Returns the pids of the processes that have the read end of a pipe and not its write end; this process is none of them. */
    static List<Long> among(List<Image.Process> processes) {
        int self = ProcessCalls.pid();
        return processes.stream()
                .filter(process -> process.pid() != self && reads(process.table()))
                .map(Image.Process::pid)
                .toList();
    }

    private static boolean reads(Image.Table table) {
        BitSet written = new BitSet();
        for (Image.Descriptor descriptor : table.descriptors()) {
            if (descriptor.description().accessMode().canWrite()) {
                written.set(descriptor.description().pipeObjref());
            }
        }
        return table.descriptors().stream()
                .anyMatch(descriptor -> !written.get(descriptor.description().pipeObjref()));
    }
}
