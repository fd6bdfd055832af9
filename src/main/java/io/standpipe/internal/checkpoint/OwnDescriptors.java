// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.internal.format.Task;
import io.standpipe.internal.jdk.JavaPipeObjects.Duplicate;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileDescriptionCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.util.Map;
import java.util.SortedMap;

/**
 * Fds of this process that the caller named, by number or by Java objects. There are no others: the JVM has pipes of its own.
 *
 * @param fds ascending
 * @param duplicates of the fds that objects stood for, each open until it is handed on; empty if the fds were named
 */
record OwnDescriptors(int[] fds, Map<Integer, Duplicate> duplicates) implements DescriptorSource {

    static OwnDescriptors named(int[] fds) {
        return new OwnDescriptors(fds, Map.of());
    }

    /** @param duplicates owned by what this returns from now on */
    static OwnDescriptors ofObjects(SortedMap<Integer, Duplicate> duplicates) {
        return new OwnDescriptors(duplicates.keySet().stream().mapToInt(Integer::intValue).toArray(), duplicates);
    }

    @Override
    public int id() {
        return ProcessCalls.pid();
    }

    @Override
    public Task task() {
        return ProcessStatus.ownTask();
    }

    /** Hands on the duplicate of an object's fd itself, not one more: a scan for other holders is not to find two. */
    @Override
    public Fd copy(int fd) throws ErrnoException {
        Duplicate held = duplicates.get(fd);
        return held == null ? FdCalls.duplicate(fd) : Fd.owning(held.duplicate().release());
    }

    @Override
    public boolean isCloseOnExec(int fd) throws ErrnoException {
        Duplicate held = duplicates.get(fd);
        return held == null ? FdCalls.isCloseOnExec(fd) : held.closeOnExec();
    }

    @Override
    public boolean isStill(int fd, Fd copy) throws ErrnoException {
        return FileDescriptionCalls.isSame(fd, copy.number());
    }

    @Override
    public int count() {
        return fds.length;
    }

    @Override
    public void close() {
        duplicates.values().forEach(held -> held.duplicate().close());
    }
}
