// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.internal.pipes.SlotProbe;
import io.standpipe.internal.sys.Failures;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot holds of a pipe.
 *
 * @param pipe whose fds are closed by now
 * @param heldClone a pipe with the same bytes in the same slots, and of the same capacity; null if the pipe was empty
 * @param external ends that others had
 * @param mergeRoomBytes how many bytes more the last slot took, if the pipe had no free slot; a page or more if that is not known
 */
record CapturedPipe(
        OpenPipe pipe, @Nullable Fd heldClone, int lengthBytes, int capacityBytes, Image.ExternalEnds external, int mergeRoomBytes) {

    /**
     * Returns the pipe as the image has it.
     *
     * @param fd where the bytes can be read, which stay there: the clone, or a clone of that; anything for an empty pipe
     */
    Image.Pipe describe(int fd, SlotProbe probe, Leaks leaks) throws StandpipeException {
        try {
            return pipe.describe(
                    capacityBytes, external.and(leaks.of(pipe)),
                    probe.find(fd, capacityBytes, lengthBytes, most -> Math.min(mergeRoomBytes, most)), lengthBytes);
        } catch (ErrnoException e) {
            throw Failures.of(pipe.toString(), e);
        }
    }
}
