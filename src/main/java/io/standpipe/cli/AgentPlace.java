// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.StandpipeException;
import io.standpipe.internal.proc.ProcessRoot;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Fd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A directory in the temporary directory of a JVM, as that JVM sees it, for what passes between it and this process: the agent
 * on the way there, the answer on the way back. It belongs to the JVM's user, and nobody else may enter it. What the JVM's user put there
 * is not trusted: no link is followed.
 */
final class AgentPlace implements AutoCloseable {

    private static final String TEMPORARY = "/tmp";
    private static final String AGENT = "standpipe-agent.jar";
    private static final String ENTRY = "standpipe-agent-entry.jar";
    private static final String OPTIONS = "options";
    private static final String ANSWER = "answer";
    private static final int MOST_ANSWER_BYTES = 1 << 24;

    private final ProcessRoot root;
    private final Path temporary;
    private final String name;
    private final Fd directoryAbove;
    private final Fd directory;

    private AgentPlace(ProcessRoot root, String name, Fd directoryAbove, Fd directory) {
        this.root = root;
        this.temporary = Path.of("/proc/self/fd/" + directoryAbove.number());
        this.name = name;
        this.directoryAbove = directoryAbove;
        this.directory = directory;
    }

    /**
     * Makes the directory, with the agent in it.
     *
     * @throws StandpipeException if that is not possible; nothing is left then
     */
    static AgentPlace in(ProcessRoot root) throws StandpipeException {
        Fd above = null;
        AgentPlace place = null;
        boolean complete = false;
        try {
            above = root.open(TEMPORARY, Flags.O_PATH | Flags.oDirectory());
            String name = make(above, root);
            place = new AgentPlace(
                    root, name, above, FileCalls.open(above.number(), name, Flags.O_RDONLY | Flags.oDirectory() | Flags.oNoFollow(), 0));
            place.copyAgent();
            complete = true;
            return place;
        } catch (IOException e) {
            String reason = e instanceof FileSystemException refused && refused.getReason() != null ? refused.getReason() : ExitCode.text(e);
            throw new StandpipeException("process " + root.pid() + ": nothing was sent to it, since the agent cannot be placed in its "
                    + TEMPORARY + ": " + reason + ". A JVM that is attached to must be able to write there itself; in a container a"
                    + " tmpfs will do", e);
        } finally {
            if (!complete) {
                if (place != null) {
                    place.close();
                } else if (above != null) {
                    above.close();
                }
            }
        }
    }

    /**
     * The JVM adds each path from which an agent was loaded to its class path, once, and never closes that file: so the name is the
     * same each time, unless somebody has it, who then gains nothing by that.
     */
    private static String make(Fd above, ProcessRoot root) throws IOException {
        String name = "standpipe-attach-" + root.pidInside();
        Path temporary = Path.of("/proc/self/fd/" + above.number());
        try {
            return create(temporary, name);
        } catch (FileAlreadyExistsException e) {
            return create(temporary, name + "-" + UUID.randomUUID());
        }
    }

    private static String create(Path temporary, String name) throws IOException {
        Files.createDirectory(
                temporary.resolve(name), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return name;
    }

    private void copyAgent() throws IOException {
        put(AGENT, agent());
        try (ZipInputStream whole = new ZipInputStream(agent())) {
            put(ENTRY, new ByteArrayInputStream(entryOf(whole)));
        }
        give(directory);
    }

    private static InputStream agent() throws IOException {
        InputStream jar = AgentPlace.class.getResourceAsStream("/META-INF/" + AGENT);
        if (jar == null) {
            throw new IOException("there is no agent in this jar: run standpipe.jar");
        }
        return jar;
    }

    /** Returns a jar with no more than what the JVM needs to begin: it stays on the application's class path, and open. */
    private static byte[] entryOf(ZipInputStream whole) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream entry = new ZipOutputStream(bytes)) {
            for (ZipEntry file = whole.getNextEntry(); file != null; file = whole.getNextEntry()) {
                String name = file.getName();
                if (name.equals("META-INF/MANIFEST.MF") || name.endsWith(".class") && !name.startsWith("META-INF/")) {
                    entry.putNextEntry(new ZipEntry(name));
                    whole.transferTo(entry);
                }
            }
        }
        return bytes.toByteArray();
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
        return TEMPORARY + "/" + name + "/" + file;
    }

    /** Returns the path, as the JVM sees it, of the jar that it is to put on its class path. */
    String entryJar() {
        return path(ENTRY);
    }

    /** Returns the path, as the JVM sees it, of the jar with all of the agent. */
    String agentJar() {
        return path(AGENT);
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
            try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/self/fd/" + directory.number()))) {
                for (Path file : files) {
                    FileCalls.unlink(directory.number(), file.getFileName().toString());
                }
            }
            Files.deleteIfExists(temporary.resolve(name));
        } catch (IOException e) {
            System.getLogger(AgentPlace.class.getName())
                    .log(System.Logger.Level.DEBUG, "left behind: " + TEMPORARY + "/" + name, e);
        }
    }

    /** Leaves the directory there, for a JVM that may still open the jar; returns its path as the JVM sees it. */
    String leave() {
        directory.close();
        directoryAbove.close();
        return TEMPORARY + "/" + name;
    }
}
