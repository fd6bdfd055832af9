// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.internal.jdk.JavaPipeObjects;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.FileDescriptionCalls;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.util.Objects;
import java.util.SortedMap;

/** Fds of this process that named objects stood for, each with a duplicate that is open until it is handed on. */
final class DuplicatedDescriptors implements DescriptorSource {

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
    public int[] fds() {
        return byFd.keySet().stream().mapToInt(Integer::intValue).toArray();
    }

    /** Hands on the duplicate itself, not one more: a scan for other holders is not to find two. */
    @Override
    public Fd copy(int fd) {
        return Fd.owning(get(fd).duplicate().release());
    }

    @Override
    public boolean isCloseOnExec(int fd) {
        return get(fd).closeOnExec();
    }

    private JavaPipeObjects.Duplicate get(int fd) {
        return Objects.requireNonNull(byFd.get(fd));
    }

    @Override
    public boolean isStill(int fd, Fd copy) throws IOException {
        return FileDescriptionCalls.isSame(fd, copy.number());
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
