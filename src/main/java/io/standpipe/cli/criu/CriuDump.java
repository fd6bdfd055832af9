// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a dump of CRIU has of processes, of their descriptors of pipes and FIFOs, and of what was queued. The bytes stay in the files.
 *
 * @param directory with the files of the dump
 * @param imagesVersion the version of CRIU's images: 1, or 2 since version 1.1
 * @param timeSeconds when the dump was made, by the time of its inventory, in seconds since 1970
 * @param machine as {@code uname -m} has it; empty if it is none that this reader knows
 * @param sizeBytes length of the files that were read, contents of pipes included
 * @param processes in the order of the dump
 * @param ends the open file descriptions of pipes and FIFOs by their ids, also those that no process has a descriptor of
 * @param contents of the pipes whose contents were saved
 */
public record CriuDump(
        Path directory, int imagesVersion, long timeSeconds, String machine, long sizeBytes, List<Process> processes,
        Map<Long, End> ends, Map<PipeId, Contents> contents) {

    /** The file by which a directory is known to have a dump. */
    public static final String INVENTORY = "inventory.img";

    /**
     * Reads the dump in a directory.
     *
     * @throws io.standpipe.ImageRefusedException if it is damaged, or has none
     * @throws StandpipeException if it cannot be read
     */
    public static CriuDump in(Path directory) throws StandpipeException {
        return new CriuDumpReader(directory).read();
    }

    /**
     * A process.
     *
     * @param name of the program, as {@code /proc/PID/comm} has it; null if the dump does not say
     * @param userId of the effective user; empty if the dump does not say
     * @param groupId of the effective group; empty if the dump does not say
     * @param table null for a process that had ended
     */
    public record Process(
            long pid, long parentPid, long processGroup, long session, byte @Nullable [] name, OptionalLong userId,
            OptionalLong groupId, @Nullable Table table) {}

    /**
     * A table of descriptors, which several processes may share.
     *
     * @param id by which the dump knows it
     * @param descriptors of pipes and FIFOs, in the order of the dump
     */
    public record Table(long id, List<Descriptor> descriptors) {}

    /** A descriptor of a pipe or a FIFO. */
    public record Descriptor(int fd, boolean closeOnExec, End end) {}

    /**
     * An open file description of a pipe or a FIFO.
     *
     * @param id by which the dump knows it
     * @param flags access mode and status flags, as {@code F_GETFL} returns them, without O_DIRECT
     * @param owner who is sent signals; null if nobody is, and the signal is the default one
     * @param path of a FIFO; null for a pipe
     * @param mode type and permission bits of a FIFO's inode; empty if the dump does not say, as of pipes
     * @param unlinked whether the path of a FIFO was removed
     */
    public record End(
            long id, PipeId pipe, int flags, Image.@Nullable Owner owner, byte @Nullable [] path, OptionalLong mode, boolean unlinked) {}

    /**
     * A pipe or FIFO, as CRIU knows it.
     *
     * @param isFifo whether it is a FIFO; these have numbers of their own
     * @param number the lower 32 bits of the inode number
     */
    public record PipeId(boolean isFifo, long number) {

        /** Returns it as the kernel writes it: {@code pipe:[4711]}. */
        @Override
        public String toString() {
            return (isFifo ? "fifo:[" : "pipe:[") + number + "]";
        }
    }

    /**
     * What was queued in a pipe.
     *
     * @param capacityBytes empty if the dump does not say
     * @param offsetBytes where in {@code pipes-data.img} or {@code fifo-data.img} the bytes are
     * @param lengthBytes how many bytes were queued
     */
    public record Contents(OptionalLong capacityBytes, long offsetBytes, long lengthBytes) {}

    /** Returns the name of the file that has the contents of a pipe. */
    static String contentsFile(PipeId pipe) {
        return pipe.isFifo() ? "fifo-data.img" : "pipes-data.img";
    }

    /** Returns pipes of which a descriptor or the contents were saved, in the order in which they were met. */
    public Set<PipeId> pipes() {
        Set<PipeId> pipes = new LinkedHashSet<>();
        for (Process process : processes) {
            if (process.table() != null) {
                process.table().descriptors().forEach(descriptor -> pipes.add(descriptor.end().pipe()));
            }
        }
        ends.values().forEach(end -> pipes.add(end.pipe()));
        pipes.addAll(contents.keySet());
        return pipes;
    }
}
