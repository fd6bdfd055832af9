// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.SignalOwner;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.CCode;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import io.standpipe.testkit.TestProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Who has the pipes that are saved: processes, of which one has a child and one a thread, and this one. */
final class Cast implements AutoCloseable {

    /** How many bytes are queued for a process. */
    static final int QUEUED = 10_000;

    private static final int CONSUMED = 3_000;
    private static final byte[] OWN = RandomBytes.of(12_000);
    private static final byte[] LEFT = Arrays.copyOfRange(OWN, CONSUMED, OWN.length);
    private static final int CAPACITY = 8_192;
    private static final String THREADED = String.join("\n",
            "#include <pthread.h>",
            "#include <unistd.h>",
            "static void *wait_on(void *none) { for (;;) pause(); }",
            "int main(void) { pthread_t one; pthread_create(&one, 0, wait_on, 0); wait_on(0); }");

    /** Ignored, unless somebody handles it. */
    private static final int SIGURG = 23;

    final TestProcess alone = TestProcess.shell("exec sleep 1000");
    final TestProcess threaded;
    final TestProcess parent = TestProcess.shell("sleep 1000; :");
    final int child;
    /** A reader has taken some of its first buffer. */
    final TestPipe plain = TestPipe.open();
    /** Of a small capacity, and full; its description has an owner. */
    final TestPipe full = TestPipe.ofCapacity(CAPACITY);
    /** Two packets, then bytes. */
    final TestPipe packets = TestPipe.open();
    final Path fifoPath;
    final Fd fifo;

    Cast(Path folder) throws Exception {
        alone.awaitBecome("sleep").feed(RandomBytes.of(QUEUED));
        child = parent.awaitDescendant("sleep");
        threaded = TestProcess.of(List.of(CCode.program(folder, THREADED, "-pthread").toString()));
        Await.until("it has a thread", () -> threaded().list().length == 2);
        parent.feed(RandomBytes.of(QUEUED));
        plain.write(OWN);
        PipeIo.readAtMost(plain.readFd(), CONSUMED);
        full.write(RandomBytes.of(CAPACITY));
        int self = (int) ProcessHandle.current().pid();
        FdCalls.setSignalOwner(full.writeFd(), new SignalOwner(SignalOwner.PROCESS, self));
        FdCalls.setSignal(full.writeFd(), SIGURG);
        FdCalls.setStatusFlags(full.writeFd(), Flags.O_NONBLOCK | Flags.O_ASYNC);
        FdCalls.setInodeMode(full.writeFd(), 0640);
        FdCalls.setStatusFlags(packets.writeFd(), Flags.oDirect() | Flags.O_NONBLOCK);
        packets.write(RandomBytes.of(100));
        packets.write(RandomBytes.of(200));
        FdCalls.setStatusFlags(packets.writeFd(), Flags.O_NONBLOCK);
        packets.write(RandomBytes.of(300));
        fifoPath = folder.resolve("fifo");
        if (new ProcessBuilder("mkfifo", fifoPath.toString()).start().waitFor() != 0) {
            throw new IOException("mkfifo failed");
        }
        fifo = FileCalls.open(FileCalls.CURRENT_DIRECTORY, fifoPath.toString(), Flags.O_RDWR, 0);
        PipeIo.write(fifo.number(), OWN);
    }

    /** Those of this process, both ends of each. */
    int[] own() {
        return new int[] {
            plain.readFd(), plain.writeFd(), full.readFd(), full.writeFd(), packets.readFd(), packets.writeFd(), fifo.number()
        };
    }

    private File threaded() {
        return new File("/proc/" + threaded.pid() + "/task");
    }

    /** What is wrong with it, or null. */
    String damage() throws IOException {
        for (int pid : List.of(alone.pid(), threaded.pid(), parent.pid(), child)) {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            if ("TtZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) >= 0) {
                return "process " + pid + " does not run";
            }
        }
        byte[] queued = RandomBytes.of(QUEUED);
        if (!Arrays.equals(queued, input(alone.pid())) || !Arrays.equals(queued, input(parent.pid()))) {
            return "the bytes queued for a process are others";
        }
        if (!Arrays.equals(LEFT, taken(plain.readFd())) || !Arrays.equals(RandomBytes.of(CAPACITY), taken(full.readFd()))
                || !Arrays.equals(OWN, taken(fifo.number())) || taken(packets.readFd()).length != 600) {
            return "the bytes queued in a pipe of this process are others";
        }
        return Files.exists(fifoPath) ? null : "the FIFO's name is gone";
    }

    /** Has all run again, whatever has happened. */
    void resume() throws IOException {
        List<String> kill = new ArrayList<>(List.of("kill", "-CONT"));
        for (int pid : List.of(alone.pid(), threaded.pid(), parent.pid(), child)) {
            kill.add(Integer.toString(pid));
        }
        new ProcessBuilder(kill).inheritIO().start().onExit().join();
    }

    /** What is queued at the standard input of a process. */
    private static byte[] input(int pid) throws IOException {
        try (Fd pidfd = ProcessCalls.pidfdOpen(pid); Fd copy = ProcessCalls.pidfdGetFd(pidfd.number(), 0)) {
            return taken(copy.number());
        }
    }

    /** What is queued behind a read end, where it stays. */
    static byte[] taken(int readEnd) throws IOException {
        try (TestPipe clone = TestPipe.open()) {
            Pipes.tee(readEnd, clone.writeFd(), Integer.MAX_VALUE, SPLICE_F_NONBLOCK);
            return clone.readAll();
        }
    }

    @Override
    public void close() throws IOException {
        alone.close();
        threaded.close();
        parent.close();
        plain.close();
        full.close();
        packets.close();
        fifo.close();
    }
}
