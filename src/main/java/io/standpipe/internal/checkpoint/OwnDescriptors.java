// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileDescriptionCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;




import java.io.IOException;

/** Chosen descriptors of this process. Always chosen: the JVM has pipes of its own. */
public final class OwnDescriptors implements DescriptorSource {

    private final int[] numbers;

    OwnDescriptors(int[] sortedNumbers) {
        numbers = sortedNumbers;
    }

    @Override
    public Image.Task task() {
        return ProcessStatus.ownTask();
    }

    @Override
    public int[] numbers() {
        return numbers;
    }

    @Override
    public boolean isSelected() {
        return true;
    }

    @Override
    public boolean isOptional() {
        return false;
    }

    @Override
    public Fd copy(int number) throws ErrnoException {
        return FdCalls.duplicate(number);
    }

    @Override
    public boolean isCloseOnExec(int number) throws IOException {
        return FdCalls.isCloseOnExec(number);
    }

    @Override
    public boolean isStill(int number, Fd copy) throws ErrnoException {
        return FileDescriptionCalls.isSame(number, copy.number());
    }

    @Override
    public int count() {
        return numbers.length;
    }

    @Override
    public void close() {}
}
