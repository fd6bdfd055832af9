// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import io.standpipe.Restore;
import io.standpipe.StartedCommand;
import io.standpipe.StartedCommands;
import io.standpipe.cli.Main;
import io.standpipe.testkit.CCode;
import io.standpipe.testkit.Keeper;
import io.standpipe.testkit.TestJvm;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where puppets are started, and restored; none is left when it is closed. */
final class Stage implements AutoCloseable {

    private static final int SIGNALLED = 128;

    private final Path folder;
    private final Path program;
    private final Path socket;
    private ServerSocketChannel server;
    private boolean judges = true;
    private final Map<Integer, Puppet> puppets = new LinkedHashMap<>();
    private final List<StartedCommand> restored = new ArrayList<>();

    private Stage(Path folder, Path program, Path socket, ServerSocketChannel server) {
        this.folder = folder;
        this.program = program;
        this.socket = socket;
        this.server = server;
    }

    /** @param program what {@link #compile} has made */
    static Stage in(Path folder, Path program) throws IOException {
        Path socket = folder.resolve("socket");
        return new Stage(folder, program, socket, listenAt(socket));
    }

    private static ServerSocketChannel listenAt(Path socket) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        return server;
    }

    /** Compiles the program that puppets run. */
    static Path compile(Path folder) throws IOException, InterruptedException {
        return CCode.program(folder, Stage.class, "puppet.c");
    }

    Path folder() {
        return folder;
    }

    /** A process without any pipe. */
    Puppet start() throws IOException {
        Process process = start(List.of(program.toString(), socket.toString()));
        Puppet puppet = await((int) process.pid());
        return puppet.known("original " + puppet.pid(), () -> process.waitFor() - SIGNALLED);
    }

    /** Starts a process without any pipe in a session of its own; it is the root of a tree that can be dumped. */
    Keeper startTree() throws IOException, InterruptedException {
        return Keeper.start(List.of(program.toString(), socket.toString()), folder.resolve("output"));
    }

    /** Has the puppets end their connections, and wait until there is somebody to connect to. */
    void rest(List<Puppet> all) throws IOException {
        server.close();
        Files.delete(socket);
        for (Puppet puppet : all) {
            puppets.remove(puppet.pid());
            puppet.rests();
        }
    }

    /** Whether puppets must answer as is expected of them; otherwise answers are compared later, by the transcripts. */
    boolean judges() {
        return judges;
    }

    /**
     * Lets those connect again that rest, or those with their pids that are in their place.
     *
     * @param judging whether they must answer as is expected of them
     */
    void wake(boolean judging) throws IOException {
        judges = judging;
        Path beside = folder.resolve("socket.new");
        server = listenAt(beside);
        Files.move(beside, socket); // Whoever sees it can connect.
    }

    /** Waits until a process has connected. */
    Puppet await(int pid) throws IOException {
        while (!puppets.containsKey(pid)) {
            Puppet puppet = new Puppet(this, server.accept());
            puppets.put(puppet.pid(), puppet);
        }
        return puppets.get(pid);
    }

    /** Starts anew in place of the cast; what is not as it was is added to what is told. */
    Puppet[] restore(Restore restore, Puppet[] cast, List<String> told) throws IOException {
        Map<Long, List<String>> commands = new LinkedHashMap<>();
        for (Puppet puppet : cast) {
            commands.put((long) puppet.pid(), List.of(program.toString(), socket.toString()));
        }
        StartedCommands started = restore.start(commands);
        restored.addAll(started.commands());
        told.addAll(started.deviations());
        List<Puppet> twins = new ArrayList<>();
        for (StartedCommand command : started.commands()) {
            twins.add(await((int) command.pid())
                    .known("twin of " + command.savedPid(), () -> command.waitFor().signal().orElse(0)));
        }
        return twins.toArray(new Puppet[0]);
    }

    /** A JVM that restores an image and becomes a puppet by exec. */
    Puppet become(Path image) throws IOException {
        Process process = start(TestJvm.command(
                Main.class, "restore", image.toString(), "--", program.toString(), socket.toString()));
        return await((int) process.pid()).known("became " + process.pid(), () -> process.waitFor() - SIGNALLED);
    }

    private static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
    }

    /** Kills all puppets. */
    void clear() throws IOException {
        List<Puppet> all = List.copyOf(puppets.values());
        puppets.clear();
        for (Puppet puppet : all) {
            puppet.close();
        }
        for (StartedCommand command : restored) {
            command.destroy();
            command.waitFor();
        }
        restored.clear();
    }

    /** Kills one of them. */
    void kill(Puppet puppet) throws IOException {
        puppets.remove(puppet.pid());
        puppet.close();
    }

    @Override
    public void close() throws IOException {
        try {
            clear();
        } finally {
            server.close();
        }
    }
}
