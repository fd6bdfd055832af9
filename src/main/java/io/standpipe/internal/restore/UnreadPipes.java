// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import io.standpipe.internal.format.Task;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Restored pipes with a writer and no reader: the first byte written to one sends SIGPIPE, of which a program dies without a word. */
final class UnreadPipes {

    private static final int STANDARD_OUTPUT = 1;
    private static final int STANDARD_ERROR = 2;

    private record Writer(int pid, int fd) {}

    private final Map<Integer, Image.Pipe> pipes;
    private final Set<Integer> hadReader;
    private final Set<Integer> read = new HashSet<>();
    /** By the pipe's objref. */
    private final Map<Integer, List<Writer>> writers = new LinkedHashMap<>();
    private final boolean single;

    /**
     * @param saved all processes with all fds
     * @param restored the processes that commands take the place of, with the fds that are restored
     */
    UnreadPipes(List<Image.Process> saved, List<Image.Process> restored, Map<Integer, Image.Pipe> pipes) {
        this.pipes = pipes;
        hadReader = readPipes(saved);
        single = saved.size() == 1;
        read.addAll(readPipes(restored));
        for (Image.Process process : restored) {
            for (Image.Descriptor descriptor : process.table().descriptors()) {
                if (descriptor.description().accessMode().canWrite()) {
                    writers.computeIfAbsent(descriptor.description().pipeObjref(), pipe -> new ArrayList<>())
                            .add(new Writer(Task.pid(process), descriptor.fd()));
                }
            }
        }
    }

    private static Set<Integer> readPipes(List<Image.Process> processes) {
        return processes.stream()
                .flatMap(process -> process.table().descriptors().stream())
                .map(Image.Descriptor::description)
                .filter(description -> description.accessMode().canRead())
                .map(Image.Description::pipeObjref)
                .collect(Collectors.toSet());
    }

    /** Returns a sentence for each pipe whose reader was lost, or that a command has as standard output or error. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        writers.forEach((objref, fds) -> {
            Image.Pipe pipe = Objects.requireNonNull(pipes.get(objref));
            boolean lost = hadReader.contains(objref) || pipe.external().read() || !pipe.external().lookedFor();
            boolean isOutput = fds.stream().anyMatch(each -> each.fd() == STANDARD_OUTPUT || each.fd() == STANDARD_ERROR);
            if (!read.contains(objref) && (!pipe.isFifo() || pipe.unlinked()) && (lost || isOutput)) {
                warnings.add(warning(pipe, fds));
            }
        });
        return warnings;
    }

    private String warning(Image.Pipe pipe, List<Writer> fds) {
        String names = fds.stream()
                .map(each -> (single ? "" : each.pid() + ":") + each.fd())
                .collect(Collectors.joining(","));
        return "pipe " + pipe.objref() + ": nobody is left to read it, so that writing to descriptors " + names
                + " sends SIGPIPE; to have the caller's there: --leave-out " + names + " (in the library, Restore.leavingOut)"
                + (pipe.payloadBytes() == 0 ? "" : "; the " + pipe.payloadBytes()
                        + " bytes in flight stay in the image: standpipe extract --pipe " + pipe.objref());
    }
}
