// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.internal.jdk.JavaPipeObjects;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.FileDescriptionCalls;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.util.SortedMap;

/** Fds of this process that named objects stood for, each with a duplicate that is open until it is handed on. */
public final class DuplicatedDescriptors implements DescriptorSource {

    private final SortedMap<Integer, JavaPipeObjects.Duplicate> byFd;

    /** @param byFd owned by this object from now on */
    DuplicatedDescriptors(SortedMap<Integer, JavaPipeObjects.Duplicate> byFd) {
        this.byFd = byFd;
    }

    @Override
    public Image.Task task() {
        return ProcessStatus.ownTask();
    }

    @Override
    public int[] numbers() {
        return byFd.keySet().stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public boolean isSelected() {
        return true;
    }

    @Override
    public boolean isOptional() {
        return false;
    }

    /** Hands on the duplicate itself, not one more: a scan for other holders is not to find two. */
    @Override
    public Fd copy(int number) {
        return Fd.owning(byFd.get(number).duplicate().release());
    }

    @Override
    public boolean isCloseOnExec(int number) {
        return byFd.get(number).closeOnExec();
    }

    @Override
    public boolean isStill(int number, Fd copy) throws IOException {
        return FileDescriptionCalls.isSame(number, copy.number());
    }

    @Override
    public int count() {
        return byFd.size();
    }

    @Override
    public void close() {
        byFd.values().forEach(held -> held.duplicate().close());
    }
}
