// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.Checkpoint;
import io.standpipe.Restore;
import io.standpipe.internal.format.FileRecord;
import io.standpipe.internal.format.Image;
import io.standpipe.internal.format.OwnerRecord;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All that a program could tell of the pipes of a process, aspect by aspect, whichever process it is. */
record PipeAspects(Map<String, List<String>> all, int[] numbers) {

    /** An open sets it and a pipe2 does not, and it means nothing for a pipe. */
    private static final int O_LARGEFILE = 0100000;

    /** Those of a process of which an image was made. */
    static PipeAspects of(Path path) throws IOException {
        Image image = Restore.from(path).check();
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (Image.Pipe pipe : image.pipes()) {
            add(all, "bytes", payload(path, pipe));
            add(all, "buffers", pipe.slots() == null ? "as written" : pipe.slots().runs() + " to " + pipe.slots().tailEnd());
            add(all, "capacity", Integer.toString(pipe.capacityBytes()));
            add(all, "owner and mode", String.format(
                    "%d:%d 0%o", pipe.state().uid(), pipe.state().gid(), pipe.state().mode()));
        }
        Image.Process process = image.processes().get(0);
        List<Integer> descriptions = new ArrayList<>();
        List<Integer> pipes = new ArrayList<>();
        List<Image.Descriptor> descriptors = process.table().descriptors();
        for (Image.Descriptor descriptor : descriptors) {
            Image.Description description = descriptor.description();
            FileRecord file = description.file();
            add(all, "who shares what", descriptor.number() + ": " + place(descriptions, description.objref()) + " of "
                    + place(pipes, description.pipe().objref()) + ", " + file.accessMode());
            add(all, "flags", descriptor.number() + ": 0" + Integer.toOctalString(file.flags() & ~O_LARGEFILE));
            add(all, "signals", descriptor.number() + ": " + owner(description.owner(), process.task().pid()));
        }
        return new PipeAspects(all, descriptors.stream().mapToInt(Image.Descriptor::number).toArray());
    }

    /** Those of a process now, by an image that is made for it. */
    static PipeAspects of(long pid, int[] numbers, Path image) throws IOException {
        Checkpoint.ofProcess(pid, numbers).writeTo(image);
        return of(image);
    }

    private static void add(Map<String, List<String>> all, String aspect, String value) {
        all.computeIfAbsent(aspect, none -> new ArrayList<>()).add(value);
    }

    /** In which order it is met: the numbers of an image are its own. */
    private static int place(List<Integer> met, int objref) {
        if (!met.contains(objref)) {
            met.add(objref);
        }
        return met.indexOf(objref);
    }

    private static String owner(OwnerRecord owner, int pid) {
        return owner == null
                ? "nobody"
                : owner.ownerType() + " " + (owner.owner() == pid ? "itself" : owner.owner()) + " " + owner.signal();
    }

    private static String payload(Path image, Image.Pipe pipe) throws IOException {
        byte[] bytes = new byte[(int) pipe.payloadBytes()];
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "r")) {
            file.seek(pipe.payloadOffsetBytes());
            file.readFully(bytes);
        }
        return bytes.length + " " + Arrays.hashCode(bytes);
    }

    /** In words, which of them are otherwise. */
    String difference(PipeAspects after) {
        List<String> otherwise = new ArrayList<>();
        all.forEach((aspect, values) -> {
            if (!values.equals(after.all.get(aspect))) {
                otherwise.add(aspect);
            }
        });
        return otherwise.isEmpty() ? ComesBack.AS_BEFORE : "otherwise: " + String.join(", ", otherwise);
    }
}
