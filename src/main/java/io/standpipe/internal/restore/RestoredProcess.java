// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import io.standpipe.pipe.Fd;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;

/**
 * The restored fds of one saved process.
 *
 * @param fds saved fd to the fd that it has here
 * @param replacements saved fds that were not restored, to the fd of this process that a command gets there
 */
public record RestoredProcess(Image.Process saved, SortedMap<Integer, Fd> fds, Map<Integer, Integer> replacements)
        implements AutoCloseable {

    /**
     * Returns where each fd is now.
     *
     * @return saved fd, ascending, to the fd that it has here
     */
    public Map<Integer, Integer> placement() {
        Map<Integer, Integer> placement = new LinkedHashMap<>();
        fds.forEach((saved, fd) -> placement.put(saved, fd.number()));
        return placement;
    }

    /** Returns the fds that a command gets, restored or in place of restored ones, to the fds that they are here. */
    public Map<Integer, Integer> commandPlacement() {
        Map<Integer, Integer> placement = placement();
        placement.putAll(replacements);
        return placement;
    }

    /** Closes every fd that is still open. Clears O_ASYNC before, so that closing sends no signal to this process. */
    @Override
    public void close() {
        for (Image.Descriptor descriptor : saved.table().descriptors()) {
            Fd fd = fds.get(descriptor.fd());
            if (fd != null && fd.isOpen() && SignalOwners.isAsync(descriptor.description())) {
                SignalOwners.silence(fd);
            }
        }
        Fd.closeAll(fds.values());
    }
}
