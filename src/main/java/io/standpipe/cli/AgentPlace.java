// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.jni.NativePrograms;
import io.standpipe.internal.proc.ProcessRoot;
import io.standpipe.internal.proc.TraceRefusal;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A directory in the temporary directory of a JVM, as that JVM sees it, for what passes between it and this process: the agent
 * on the way there, the answer on the way back. It belongs to the JVM's user, and nobody else may enter it. What the JVM's user put there
 * is not trusted: no link is followed.
 */
final class AgentPlace implements AutoCloseable {

    /** One of them is likely to be for executable files. */
    static final List<String> PARENTS = List.of("/tmp", "/dev/shm", "/var/tmp");

    private static final String PREFIX = "standpipe-attach-";
    private static final String JAR = "standpipe-agent.jar";
    private static final String ENTRY = "AgentEntry.class";
    private static final String LIBRARY = "libstandpipe.so";
    private static final String OPTIONS = "options";
    private static final String ANSWER = "answer";
    private static final int MOST_ANSWER_BYTES = 1 << 24;

    /** An attach has its lock long before. */
    static final int OWN_OLD_MILLIS = 5_000;

    /** Another JVM may still open what an attach to it left there when it gave up. */
    private static final int OLD_MILLIS = 600_000;

    private static final int PAUSE_MILLIS = 20;
    private static final int DIRECTORY = Flags.O_RDONLY | Flags.oDirectory() | Flags.oNoFollow();

    private final ProcessRoot root;
    private final Path above;
    private final String path;
    private final String name;
    private final Fd directoryAbove;
    private final Fd directory;

    private AgentPlace(ProcessRoot root, String parent, String name, Fd directoryAbove, Fd directory) {
        this.root = root;
        this.above = Path.of("/proc/self/fd/" + directoryAbove.number());
        this.path = parent + "/" + name;
        this.name = name;
        this.directoryAbove = directoryAbove;
        this.directory = directory;
    }

    /** The place cannot be made. */
    static final class RefusedException extends StandpipeException {
        RefusedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Makes the directory, with the agent in it.
     *
     * @param parent one of {@link #PARENTS}
     * @throws RefusedException if that is not possible; nothing is left then
     * @throws UnavailableException if the JVM is another user's, to whom nothing may be given
     * @throws TimeoutException if another attach to the same JVM takes too long
     */
    static AgentPlace in(ProcessRoot root, String parent, Deadline deadline) throws StandpipeException, TimeoutException {
        Fd above = null;
        String name = null;
        AgentPlace place = null;
        boolean complete = false;
        try {
            above = root.open(parent, Flags.O_PATH | Flags.oDirectory());
            name = make(above, root, deadline);
            place = new AgentPlace(
                    root, parent, name, above, FileCalls.open(above.number(), name, DIRECTORY, 0));
            FileCalls.lock(place.directory.number());
            place.copyAgent();
            complete = true;
            return place;
        } catch (IOException e) {
            if (isNotPermitted(e) && isOfAnotherUser(root)) {
                throw new UnavailableException("process " + root.pid() + ": nothing was sent to it" + TraceRefusal.explain(root.pid()), e);
            }
            String reason = e instanceof FileSystemException refused && refused.getReason() != null ? refused.getReason() : ExitCode.text(e);
            throw new RefusedException("process " + root.pid() + ": nothing was sent to it, since the agent cannot be placed in its "
                    + parent + ": " + reason + ". A JVM that is attached to must be able to write there itself; in a container a"
                    + " tmpfs will do", e);
        } finally {
            if (!complete) {
                if (place != null) {
                    place.close();
                } else if (above != null) {
                    removeUnopened(above, name);
                    above.close();
                }
            }
        }
    }

    /** Of a JVM in a container that is not said: its user may have another name there. */
    private static boolean isOfAnotherUser(ProcessRoot root) {
        try {
            return root.own() && root.uid() != ProcessRoot.of(ProcessCalls.pid()).uid();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isNotPermitted(IOException e) {
        return e instanceof AccessDeniedException
                || e instanceof ErrnoException call && (call.errno() == Errno.EPERM || call.errno() == Errno.EACCES);
    }

    /** Removes the directory that was made, but could not be opened, as for want of descriptors; nothing if it was not made. */
    private static void removeUnopened(Fd above, @Nullable String name) {
        if (name != null) {
            new File("/proc/self/fd/" + above.number(), name).delete();
        }
    }

    /**
     * The JVM never unloads the library, and loads what has the same path once: so the name is the same each time, and another attach to
     * the same JVM is waited for. Somebody else who has the name gains nothing by that: the JVM opens no file there later.
     */
    private static String make(Fd above, ProcessRoot root, Deadline deadline) throws IOException, TimeoutException {
        String name = PREFIX + root.pidInside();
        Path parent = Path.of("/proc/self/fd/" + above.number());
        while (true) {
            try {
                removeWhatWasLeftBehind(above, name, root);
                return create(parent, name);
            } catch (FileAlreadyExistsException e) {
                Stat stat = Stat.ofName(above.number(), name);
                if (stat != null && !isOfItsUser(stat, root)) {
                    return create(parent, name + "-" + UUID.randomUUID());
                }
                deadline.pause(PAUSE_MILLIS);
            }
        }
    }

    private static boolean isOfItsUser(Stat stat, ProcessRoot root) {
        return (stat.uid() == root.uid() || stat.uid() == 0) && (stat.mode() & Flags.S_IFMT) == Flags.S_IFDIR;
    }

    /** Removes what attaches have left that were killed, or gave up: it is of the JVM's user or root's, some time old, and in no use. */
    private static void removeWhatWasLeftBehind(Fd above, String ownName, ProcessRoot root) throws IOException {
        Path parent = Path.of("/proc/self/fd/" + above.number());
        try (DirectoryStream<Path> places = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path place : places) {
                String name = place.getFileName().toString();
                Stat stat = Stat.ofName(above.number(), name);
                if (stat != null && isOfItsUser(stat, root) && isOlder(place, name.equals(ownName) ? OWN_OLD_MILLIS : OLD_MILLIS)) {
                    removeIfUnused(above, name, place);
                }
            }
        }
    }

    private static boolean isOlder(Path place, int millis) throws IOException {
        return Files.getLastModifiedTime(place, LinkOption.NOFOLLOW_LINKS).toMillis() < System.currentTimeMillis() - millis;
    }

    private static void removeIfUnused(Fd above, String name, Path place) {
        try (Fd directory = FileCalls.open(above.number(), name, DIRECTORY, 0)) {
            if (FileCalls.lock(directory.number())) {
                empty(directory);
                Files.delete(place);
            }
        } catch (IOException e) {
            return; // Somebody else has removed it, or has put something into it that stays.
        }
    }

    private static String create(Path parent, String name) throws IOException {
        Files.createDirectory(
                parent.resolve(name), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return name;
    }

    private void copyAgent() throws IOException {
        put(JAR, resource("META-INF/" + JAR));
        put(ENTRY, resource("io/standpipe/boot/" + ENTRY));
        put(LIBRARY, new ByteArrayInputStream(NativePrograms.library()));
        give(directory);
    }

    private static InputStream resource(String name) throws IOException {
        InputStream file = AgentPlace.class.getResourceAsStream("/" + name);
        if (file == null) {
            throw new IOException("there is no agent in this jar (" + name + "): run standpipe.jar");
        }
        return file;
    }

    /** Puts the agent's options there; returns their path as the JVM sees it. */
    String options(String options) throws IOException {
        put(OPTIONS, new ByteArrayInputStream(options.getBytes(StandardCharsets.UTF_8)));
        return path(OPTIONS);
    }

    /** Puts a new file there for the JVM. */
    void put(String file, InputStream content) throws IOException {
        int flags = Flags.O_WRONLY | Flags.O_CREAT | Flags.O_EXCL | Flags.oNoFollow();
        try (content; Fd opened = FileCalls.open(directory.number(), file, flags, 0600);
                OutputStream out = Files.newOutputStream(Path.of("/proc/self/fd/" + opened.number()), StandardOpenOption.WRITE)) {
            content.transferTo(out);
            give(opened);
        }
    }

    /** By the fd: the names there may have come to mean something else. */
    private void give(Fd file) throws IOException {
        if (Stat.of(file.number()).uid() != root.uid()) {
            FdCalls.setInodeOwner(file.number(), root.uid(), root.gid());
        }
    }

    /** Returns the path of a file there as the JVM sees it. */
    String path(String file) {
        return path + "/" + file;
    }

    /** Returns the path of the library as the JVM sees it. */
    String library() {
        return path(LIBRARY);
    }

    /** Returns the path of the agent's entry class as the JVM sees it. */
    String entry() {
        return path(ENTRY);
    }

    /** Returns the path of the agent's jar as the JVM sees it. */
    String jar() {
        return path(JAR);
    }

    /** Returns the path of the answer as the JVM sees it. */
    String answer() {
        return path(ANSWER);
    }

    /** Returns the answer; null if there is none. */
    @Nullable String readAnswer() throws IOException {
        if (Stat.ofName(directory.number(), ANSWER) == null) {
            return null;
        }
        try (InputStream in = read(ANSWER)) {
            return new String(in.readNBytes(MOST_ANSWER_BYTES), StandardCharsets.UTF_8);
        }
    }

    /** Reads a file that the JVM has put there: a regular one, of its own user, and no link. */
    InputStream read(String file) throws IOException {
        try (Fd opened = FileCalls.open(directory.number(), file, Flags.O_RDONLY | Flags.O_NONBLOCK | Flags.oNoFollow(), 0)) {
            Stat stat = Stat.of(opened.number());
            if (!stat.isRegularFile() || stat.uid() != root.uid()) {
                throw new IOException("process " + root.pid() + ": what it has put at " + path(file) + " is not a regular file of its user");
            }
            return Files.newInputStream(Path.of("/proc/self/fd/" + opened.number()));
        }
    }

    /** Removes the directory and what is in it. */
    @Override
    public void close() {
        try (directoryAbove; directory) {
            empty(directory);
            Files.deleteIfExists(above.resolve(name));
        } catch (IOException e) {
            System.getLogger(AgentPlace.class.getName())
                    .log(System.Logger.Level.DEBUG, "left behind: " + path, e);
        }
    }

    private static void empty(Fd directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/self/fd/" + directory.number()))) {
            for (Path file : files) {
                FileCalls.unlink(directory.number(), file.getFileName().toString());
            }
        }
    }

    /** Leaves the directory there, for a JVM that may still open the jar; returns its path as the JVM sees it. */
    String leave() {
        directory.close();
        directoryAbove.close();
        return path;
    }
}
