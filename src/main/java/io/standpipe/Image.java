// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a checkpoint saved, as a graph of plain values: processes have tables of fds, an fd is one name of an open file
 * description, and a description is an end of a pipe, or both ends. Payload stays in the image; the graph has only its place.
 *
 * <p>Objects are known by their objref: a positive number, given out once in an image, to a table, a description or a pipe.
 *
 * @param origin who wrote the image, when and where
 * @param processes in the order of the image
 * @param pipes by objref, in the order in which they were met
 * @param records how many records the image has
 * @param unknownRecords how many of those are extensions that this reader does not know
 * @param otherRecords how many of those are the kernel series' own of what is no pipe, such as memory: they are not restored
 * @param sizeBytes length of the image, payload included
 * @since 0.1
 */
public record Image(
        Origin origin, List<Process> processes, Map<Integer, Pipe> pipes, long records, long unknownRecords,
        long otherRecords, long sizeBytes) {

    /**
     * Most fds that an image may have, where a shared table counts once for each of its processes. Without this bound a small image
     * could have more of them than there is time and memory for.
     */
    public static final int MOST_DESCRIPTORS = 1 << 20;

    /**
     * Returns the pipe that an open file description is an end of.
     *
     * @throws IllegalArgumentException if it is a description of another image
     */
    public Pipe pipeOf(Description description) {
        Pipe pipe = pipes.get(description.pipeObjref());
        if (pipe == null) {
            throw new IllegalArgumentException("pipe " + description.pipeObjref() + " is none of " + pipes.keySet());
        }
        return pipe;
    }

    /**
     * Who wrote an image, when and where.
     *
     * @param timeSeconds seconds since 1970
     * @param kernelRelease for example {@code 6.1.0-18-amd64}
     * @param machine for example {@code x86_64}
     * @param creator null in an image without extension records: the kernel series' own
     */
    public record Origin(
            long timeSeconds, String kernelRelease, String kernelVersion, String machine, @Nullable Creator creator) {}

    /**
     * The program that wrote an image.
     *
     * @param formatVersion of the extension records
     * @param pageSizeBytes size of a page on the machine that wrote
     */
    public record Creator(int formatVersion, int pageSizeBytes, String name, String version) {}

    /**
     * A process, with the pids that the machine that wrote had.
     *
     * @param pid of the process; of a thread that has a table of its own, the thread's id
     * @param parentPid 0 if the process had no parent there
     * @param threadGroup pid of the process; another one than {@code pid} for a thread that has a table of its own
     * @param processGroup of the process
     * @param session of the process
     * @param depth 0 for one that is in no pid namespace of its own
     * @param program what it was; null if the image does not say, as an older one
     * @param table its fds; two processes may share one table
     */
    public record Process(
            long pid, long parentPid, long threadGroup, long processGroup, long session, int depth, @Nullable Program program, Table table) {}

    /**
     * What a process was when it was saved, for people. The texts are bytes in no encoding, and the process may have chosen them itself.
     *
     * @param name of the program, as {@code /proc/PID/comm} has it
     * @param commandLine the arguments, each with a NUL behind it, as {@code /proc/PID/cmdline} has them; empty if there are none
     * @param cut whether the command line was longer than the image keeps
     * @param uid of the process's effective user, 0 to 4,294,967,295
     * @param user name of that user on the machine that wrote; null if it had none
     */
    public record Program(byte[] name, byte[] commandLine, boolean cut, long uid, byte @Nullable [] user) {

        /** Returns the arguments, the program first, without those at the end that are empty. */
        public List<byte[]> arguments() {
            List<byte[]> arguments = new ArrayList<>();
            int start = 0;
            int used = 0;
            for (int i = 0; i < commandLine.length; i++) {
                if (commandLine[i] == 0) {
                    arguments.add(Arrays.copyOfRange(commandLine, start, i));
                    used = i > start ? arguments.size() : used;
                    start = i + 1;
                }
            }
            return List.copyOf(arguments.subList(0, used));
        }

        /** Compares texts by their bytes. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Program
                    && Arrays.equals(((Program) other).name, name)
                    && Arrays.equals(((Program) other).commandLine, commandLine)
                    && ((Program) other).cut == cut
                    && ((Program) other).uid == uid
                    && Arrays.equals(((Program) other).user, user);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(commandLine);
        }
    }

    /**
     * A table of fds.
     *
     * @param objref which two processes have in common that share the table
     * @param descriptors in the order of the image
     * @param others what is no pipe, by its fd, in the kernel series' own images: it is not restored
     */
    public record Table(int objref, List<Descriptor> descriptors, Map<Integer, OtherFile> others) {}

    /** What an fd is of that is no pipe, as the kernel series tells such files apart. */
    public enum OtherFile {
        /** A file, a directory, or a simple device such as {@code /dev/null}. */
        FILE("file"),
        /** A socket, of whatever family. */
        SOCKET("socket"),
        /** A terminal, or the other end of one. */
        TERMINAL("terminal"),
        /** What {@code epoll_create} returns. */
        EPOLL("epoll"),
        /** What {@code eventfd} returns. */
        EVENTFD("eventfd");

        private final String words;

        OtherFile(String words) {
            this.words = words;
        }

        /** Returns it in words, such as {@code terminal}. */
        @Override
        public String toString() {
            return words;
        }
    }

    /**
     * A descriptor: one name of an open file description.
     *
     * @param fd the number that the process had it at
     */
    public record Descriptor(int fd, boolean closeOnExec, Description description) {}

    /**
     * An open file description: an end of a pipe, or both ends.
     *
     * @param flags access mode and status flags, as {@code F_GETFL} returns them
     * @param metNoWriter whether it reads a FIFO and no writer has come since it was opened: poll reports no hang-up then
     * @param path of a FIFO, absolute, as bytes without a NUL; null for an anonymous pipe
     * @param owner null where nobody is sent signals, and the signal is the default one
     */
    public record Description(
            int objref, int flags, boolean metNoWriter, byte @Nullable [] path, @Nullable Owner owner, int pipeObjref) {

        /** Returns which end of the pipe it is, or that it is both. */
        public AccessMode accessMode() {
            return AccessMode.of(flags);
        }

        /** Returns whether it is of a FIFO. */
        public boolean isFifo() {
            return path != null;
        }

        /** Compares paths by their bytes. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Description
                    && ((Description) other).objref == objref
                    && ((Description) other).flags == flags
                    && ((Description) other).metNoWriter == metNoWriter
                    && Arrays.equals(((Description) other).path, path)
                    && Objects.equals(((Description) other).owner, owner)
                    && ((Description) other).pipeObjref == pipeObjref;
        }

        @Override
        public int hashCode() {
            return objref;
        }
    }

    /**
     * Who is sent the signals of an open file description ({@code F_SETOWN_EX}), and which ({@code F_SETSIG}).
     *
     * @param type what {@code id} is the id of
     * @param id of the thread, process or process group; 0 for nobody
     * @param signal the signal's number, to 64; 0 for SIGIO without further information
     */
    public record Owner(Type type, long id, int signal) {

        /** What kind of thing signals are sent to. The order is that of F_OWNER_TID, F_OWNER_PID and F_OWNER_PGRP. */
        public enum Type {
            /** One thread. */
            THREAD("thread"),
            /** A process. */
            PROCESS("process"),
            /** All processes of a group. */
            GROUP("process group");

            private final String words;

            Type(String words) {
                this.words = words;
            }

            /** Returns it in words, such as {@code process group}. */
            @Override
            public String toString() {
                return words;
            }
        }
    }

    /**
     * A pipe: the inode with two ends and a buffer.
     *
     * @param inode null in an image without extension records
     * @param unlinked whether it is a FIFO whose path was removed
     * @param external ends that are held outside the image
     * @param slots null where the bytes lie as writing them into an empty pipe lays them
     * @param pageSizeBytes of the machine that wrote, by which slots are measured; empty where the image does not say
     * @param payloadOffsetBytes where in the image the bytes are
     * @param payloadBytes how many bytes were queued
     */
    public record Pipe(
            int objref, boolean isFifo, @Nullable Inode inode, int capacityBytes, boolean unlinked, ExternalEnds external,
            @Nullable Slots slots, OptionalInt pageSizeBytes, long payloadOffsetBytes, long payloadBytes) {

        /** The capacity of a pipe that nobody resized, and of every pipe in the kernel series' images. */
        public static final int DEFAULT_CAPACITY_BYTES = 65_536;
    }

    /**
     * The inode of a pipe, as {@code fstat} returns it.
     *
     * @param dev st_dev
     * @param ino st_ino
     * @param uid of the owner, 0 to 4,294,967,295
     * @param gid of the group, 0 to 4,294,967,295
     * @param mode type and permission bits
     */
    public record Inode(long dev, long ino, long uid, long gid, int mode) {}

    /**
     * Ends of a pipe that somebody holds who is not in the image.
     *
     * @param lookedFor whether anybody looked for them; if not, the others are false
     */
    public record ExternalEnds(boolean lookedFor, boolean read, boolean write) {

        /** Nobody looked. */
        public static final ExternalEnds UNKNOWN = new ExternalEnds(false, false, false);
    }

    /**
     * A record of an image, as it lies there.
     *
     * @param offsetBytes where it begins
     * @param name such as {@code PIPE_BUF}; {@code type 8123} for one that this reader does not know
     * @param type the number that stands for the name in the image
     * @param lengthBytes with its header
     */
    public record RecordEntry(long offsetBytes, String name, int type, long lengthBytes) {}
}
