// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.StandpipeException;
import io.standpipe.internal.format.TreeRecord;
import io.standpipe.internal.jdk.JavaPipeObject;
import io.standpipe.internal.proc.OwnProcess;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileDescriptionCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;





import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Descriptors of this process that named objects stand for, each held by a copy until it is handed on: so that what is saved
 * is what the object stood for, although the JDK may close it meanwhile, as it does when a child ends.
 */
public final class DuplicatedDescriptors implements DescriptorSource {

    private final int ownPid = ProcessCalls.pid();
    private final SortedMap<Integer, Pinned> pinned = new TreeMap<>();

    private record Pinned(Fd copy, boolean closeOnExec) {}

    /** Holds a descriptor by its number. */
    public void add(int number) throws StandpipeException {
        if (!pinned.containsKey(number)) {
            try {
                keep(number, FdCalls.duplicate(number));
            } catch (ErrnoException e) {
                if (e.errno() == Errno.EBADF) {
                    throw new StandpipeException(
                            "descriptor " + number + " of process " + ownPid + ": it is not open", e);
                }
                throw Failures.of("descriptor " + number, e);
            }
        }
    }

    /** Holds what an object stands for. */
    public void add(JavaPipeObject object) throws StandpipeException {
        int number = object.number();
        if (!pinned.containsKey(number)) {
            keep(number, object.pin());
        }
    }

    private void keep(int number, Fd copy) throws StandpipeException {
        try {
            pinned.put(number, new Pinned(copy, FdCalls.isCloseOnExec(number)));
        } catch (ErrnoException e) {
            copy.close();
            throw Failures.of("descriptor " + number, e);
        }
    }

    @Override
    public TreeRecord.Task task() {
        return OwnProcess.task();
    }

    @Override
    public int[] numbers() {
        return pinned.keySet().stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public boolean isSelected() {
        return true;
    }

    @Override
    public boolean isOptional() {
        return false;
    }

    /** The one that is held, which is the caller's from now on: nobody is to find two. */
    @Override
    public Fd copy(int number) {
        return Fd.owning(pinned.get(number).copy().release());
    }

    @Override
    public boolean isCloseOnExec(int number) {
        return pinned.get(number).closeOnExec();
    }

    @Override
    public boolean isStill(int number, Fd copy) throws IOException {
        return FileDescriptionCalls.isSame(number, copy.number());
    }

    @Override
    public int count() {
        return pinned.size();
    }

    @Override
    public void close() {
        pinned.values().forEach(held -> held.copy().close());
    }
}
