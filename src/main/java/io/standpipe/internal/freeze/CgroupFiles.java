// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.FrozenTeeBatch;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;


import java.io.IOException;

/** The files of a cgroup that freeze it, and tell when it is frozen. */
public final class CgroupFiles implements AutoCloseable {

    private static final int NONE = -1;

    private final Fd control;
    private final Fd events;

    private CgroupFiles(Fd control, Fd events) {
        this.control = control;
        this.events = events;
    }

    static CgroupFiles open(Cgroup cgroup) throws ErrnoException {
        Fd control = FileCalls.open(FileCalls.CURRENT_FOLDER, cgroup.control().toString(), Flags.O_RDWR, 0);
        try {
            return new CgroupFiles(control, cgroup.second()
                    ? FileCalls.open(FileCalls.CURRENT_FOLDER, cgroup.events().toString(), Flags.O_RDONLY, 0)
                    : null);
        } catch (ErrnoException e) {
            control.close();
            throw e;
        }
    }

    /** Keeps others from having it stand still, until this is closed. */
    void lock(Cgroup cgroup) throws IOException {
        FreezeLock.take(control.number(), "cgroup " + cgroup.folder());
    }

    FrozenTeeBatch.Frozen forCapture() {
        return new FrozenTeeBatch.Frozen(control.number(), events == null ? NONE : events.number());
    }

    @Override
    public void close() {
        control.close();
        if (events != null) {
            events.close();
        }
    }
}
