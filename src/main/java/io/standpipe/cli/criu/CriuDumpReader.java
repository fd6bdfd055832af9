// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import io.standpipe.Image;
import io.standpipe.ImageRefusedException;
import io.standpipe.StandpipeException;
import io.standpipe.internal.format.ProgramRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads a dump, and checks what its files say of each other. */
final class CriuDumpReader {

    private static final int TASK_DEAD = 2;
    private static final int TASK_ZOMBIE = 6;
    private static final int FD_CLOEXEC = 1;

    private static final int MACHINE_X86_64 = 1;
    private static final int MACHINE_AARCH64 = 3;

    private final Path directory;
    private final CriuFiles files;
    private final Map<Long, CriuDump.Table> tables = new HashMap<>();
    private Map<Long, CriuDump.End> ends = Map.of();
    private String machine = "";
    private long descriptors;

    CriuDumpReader(Path directory) {
        this.directory = directory;
        files = new CriuFiles(directory);
    }

    CriuDump read() throws StandpipeException {
        CriuMessage inventory = files.only(CriuDump.INVENTORY, CriuFileKind.INVENTORY);
        int version = inventory.notNegative(1, "img_version");
        if (!inventory.isTrue(2, "fdinfo_per_id")) {
            throw inventory.refused("fdinfo_per_id", "not set", "1: no CRIU reads a dump as old as this any more");
        }
        ends = CriuEnds.read(files);
        List<CriuDump.Process> processes = new ArrayList<>();
        Set<Long> pids = new HashSet<>();
        files.forEach("pstree.img", CriuFileKind.PROCESSES, entry -> {
            if (!pids.add(entry.u32(1, "pid"))) {
                throw entry.refused("pid", entry.u32(1, "pid") + " for the second time", "another one for each process");
            }
            files.checkCount(pids.size(), entry);
            processes.add(process(entry));
        });
        if (processes.isEmpty()) {
            throw new ImageRefusedException(files.path("pstree.img") + ": there is no process in it, expected at least one");
        }
        Map<CriuDump.PipeId, CriuDump.Contents> contents = CriuEnds.readContents(files);
        return new CriuDump(directory, version, time(), machine, files.sizeBytes(), List.copyOf(processes), ends, contents);
    }

    /** Returns when the inventory was written, since the dump itself has no date. */
    private long time() throws StandpipeException {
        Path inventory = files.path(CriuDump.INVENTORY);
        try {
            return Files.getLastModifiedTime(inventory).to(TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new StandpipeException(inventory + ": its time cannot be read", e);
        }
    }

    private CriuDump.Process process(CriuMessage entry) throws StandpipeException {
        int pid = entry.notNegative(1, "pid");
        if (pid == 0) {
            throw entry.refused("pid", "0", "1 to " + Integer.MAX_VALUE);
        }
        CriuMessage core = files.onlyIfThere("core-" + pid + ".img", CriuFileKind.CORE);
        CriuMessage task = core == null ? null : core.messageOrNull(3, "tc");
        if (core != null) {
            findMachine(core);
        }
        CriuMessage credentials = credentials(pid, core);
        return new CriuDump.Process(
                pid, entry.notNegative(2, "ppid"), entry.notNegative(3, "pgid"), entry.notNegative(4, "sid"),
                task == null ? null : name(task), id(credentials, 3, "euid"), id(credentials, 4, "egid"), table(pid, core, task));
    }

    private static byte[] name(CriuMessage task) throws ImageRefusedException {
        byte[] name = task.bytes(6, "comm");
        if (name.length > ProgramRecord.MOST_NAME_BYTES || CriuEnds.hasNul(name)) {
            throw task.refused("comm", "a text of " + name.length + " bytes" + (CriuEnds.hasNul(name) ? " with a NUL" : ""),
                    "one without a NUL, of at most " + ProgramRecord.MOST_NAME_BYTES);
        }
        return name;
    }

    private static OptionalLong id(@Nullable CriuMessage credentials, int field, String name) throws ImageRefusedException {
        return credentials == null ? OptionalLong.empty() : OptionalLong.of(credentials.u32(field, name));
    }

    private void findMachine(CriuMessage core) throws ImageRefusedException {
        long type = core.u32(1, "mtype");
        machine = type == MACHINE_X86_64 ? "x86_64" : type == MACHINE_AARCH64 ? "aarch64" : "";
    }

    private @Nullable CriuMessage credentials(int pid, @Nullable CriuMessage core) throws StandpipeException {
        CriuMessage thread = core == null ? null : core.messageOrNull(5, "thread_core");
        CriuMessage credentials = thread == null ? null : thread.messageOrNull(10, "creds");
        return credentials != null ? credentials : files.onlyIfThere("creds-" + pid + ".img", CriuFileKind.CREDENTIALS);
    }

    /** Returns the table of a process, or null if the process had ended. */
    private CriuDump.@Nullable Table table(int pid, @Nullable CriuMessage core, @Nullable CriuMessage task) throws StandpipeException {
        String name = "ids-" + pid + ".img";
        CriuMessage ids = files.onlyIfThere(name, CriuFileKind.IDS);
        ids = ids == null && core != null ? core.messageOrNull(4, "ids") : ids;
        if (ids == null) {
            long state = task == null ? 0 : task.u32(1, "task_state");
            if (state == TASK_DEAD || state == TASK_ZOMBIE) {
                return null;
            }
            throw new ImageRefusedException(files.path(name) + ": there is no such file, expected one for process " + pid + " of pstree.img");
        }
        CriuDump.Table table = table(ids.u32(2, "files_id"));
        descriptors += table.descriptors().size();
        if (descriptors > Image.MOST_DESCRIPTORS) {
            throw ids.refused("files_id", table.id() + ", with which the processes have " + descriptors + " descriptors",
                    "at most " + Image.MOST_DESCRIPTORS);
        }
        return table;
    }

    private CriuDump.Table table(long id) throws StandpipeException {
        CriuDump.Table known = tables.get(id);
        if (known != null) {
            return known;
        }
        List<CriuDump.Descriptor> found = new ArrayList<>();
        Set<Integer> fds = new HashSet<>();
        files.forEach("fdinfo-" + id + ".img", CriuFileKind.DESCRIPTORS, entry -> {
            int fd = entry.notNegative(4, "fd");
            if (!fds.add(fd)) {
                throw entry.refused("fd", fd + " for the second time", "another one for each descriptor");
            }
            files.checkCount(fds.size(), entry);
            long type = entry.u32(3, "type");
            if (type == CriuEnds.TYPE_PIPE || type == CriuEnds.TYPE_FIFO) {
                found.add(descriptor(fd, type == CriuEnds.TYPE_FIFO, entry));
            }
        });
        CriuDump.Table table = new CriuDump.Table(id, List.copyOf(found));
        tables.put(id, table);
        return table;
    }

    private CriuDump.Descriptor descriptor(int fd, boolean isFifo, CriuMessage entry) throws StandpipeException {
        long id = entry.u32(1, "id");
        CriuDump.End end = ends.get(id);
        if (end == null || end.pipe().isFifo() != isFifo) {
            throw entry.refused("id", id + ", which is no " + (isFifo ? "FIFO" : "pipe") + " of the dump's files", "the id of one");
        }
        return new CriuDump.Descriptor(fd, (entry.u32(2, "flags") & FD_CLOEXEC) != 0, end);
    }
}
