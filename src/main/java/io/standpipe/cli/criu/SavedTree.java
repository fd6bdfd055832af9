// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import io.standpipe.Image;
import io.standpipe.ImageRefusedException;
import io.standpipe.StandpipeException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A dump by CRIU and the image beside it: which entry of CRIU's is which open file description of the image.
 *
 * @param entries the id of each description in the image, by its id at CRIU
 */
record SavedTree(CriuDump dump, Image image, Map<Long, Integer> entries) {

    private static final long NUMBER_BITS = 0xFFFF_FFFFL;

    /**
     * Compares the two.
     *
     * @param pids by the pids of the image, those that CRIU has
     * @throws ImageRefusedException if they are not of the same moment
     */
    static SavedTree of(CriuDump dump, Image image, Map<Long, Integer> pids) throws StandpipeException {
        Map<Long, CriuDump.Table> tables = new HashMap<>();
        for (CriuDump.Process process : dump.processes()) {
            if (process.table() != null) {
                tables.put(process.pid(), process.table());
            }
        }
        Map<Long, Integer> entries = new HashMap<>();
        for (Image.Process process : image.processes()) {
            Integer pid = pids.get(process.pid());
            CriuDump.Table table = pid == null ? null : tables.get((long) pid);
            if (table == null) {
                throw refused(dump, "process " + process.pid() + " of the image", "is not in CRIU's images");
            }
            Map<Integer, CriuDump.End> ends = new HashMap<>();
            table.descriptors().forEach(descriptor -> ends.put(descriptor.fd(), descriptor.end()));
            for (Image.Descriptor descriptor : process.table().descriptors()) {
                CriuDump.End end = ends.get(descriptor.fd());
                String what = "descriptor " + descriptor.fd() + " of process " + process.pid();
                if (end == null || !end.pipe().equals(id(image.pipeOf(descriptor.description())))) {
                    throw refused(dump, what, "is of " + (end == null ? "no pipe" : end.pipe().toString()) + " in CRIU's images");
                }
                Integer before = entries.put(end.id(), descriptor.description().objref());
                if (before != null && before != descriptor.description().objref()) {
                    throw refused(dump, what, "shares its description with another one in CRIU's images alone");
                }
            }
        }
        return new SavedTree(dump, image, entries);
    }

    /** Returns how CRIU knows a pipe. */
    static CriuDump.PipeId id(Image.Pipe pipe) {
        Image.Inode inode = pipe.inode();
        return new CriuDump.PipeId(pipe.isFifo(), inode == null ? 0 : inode.ino() & NUMBER_BITS);
    }

    private static ImageRefusedException refused(CriuDump dump, String what, String found) {
        Path directory = dump.directory();
        return new ImageRefusedException(directory.resolve(TreeCapture.IMAGE) + " and CRIU's images in " + directory
                + " are not of one dump: " + what + " " + found);
    }
}
