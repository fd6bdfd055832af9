// SPDX-License-Identifier: Apache-2.0
package io.standpipe.survey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.standpipe.Checkpoint;
import io.standpipe.PipesInPlace;
import io.standpipe.Restore;
import io.standpipe.bridge.DescriptorCalls;
import io.standpipe.bridge.Fd;
import io.standpipe.bridge.ProcessCalls;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Surveying;
import io.standpipe.testkit.TestJvm;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A program is kept for the survey that follows soon, and not for longer. */
@ExtendWith(DescriptorLeakCheck.class)
class SpareProgramTest {

    @TempDir
    Path folder;

    @BeforeEach
    void learnt() throws Exception {
        Surveying.assumeAllowed();
        Surveys.letGo();
    }

    /** The number of a descriptor that is a program to the number that the kernel gave the program. */
    static Map<Integer, String> programs() throws IOException {
        Map<Integer, String> found = new TreeMap<>();
        for (Map.Entry<Integer, String> watched : DescriptorLeakCheck.watched().entrySet()) {
            if (watched.getValue().contains("bpf-prog")) {
                found.put(watched.getKey(), Files.readAllLines(Path.of("/proc/self/fdinfo/" + watched.getKey())).stream()
                        .filter(line -> line.startsWith("prog_id:"))
                        .findFirst()
                        .orElseThrow());
            }
        }
        return found;
    }

    /** Takes a failure seriously if nothing held up the machine for so long that the program was rightly let go of. */
    private static void promptly(Promptly body) throws Exception {
        for (int attempt = 0; ; attempt++) {
            long start = System.nanoTime();
            try {
                body.run();
                return;
            } catch (AssertionError e) {
                if (System.nanoTime() - start < 400_000_000 || attempt == 20) {
                    throw e;
                }
            }
        }
    }

    private interface Promptly {
        void run() throws Exception;
    }

    @Test
    void theNextSurveyHasTheSameProgram() throws Exception {
        promptly(() -> {
            Surveying.open().close();
            Map<Integer, String> kept = programs();
            assertEquals(1, kept.size());
            try (Surveyor again = Surveying.open()) {
                assertNotNull(again.take());
                assertEquals(kept, programs());
            }
            assertEquals(kept, programs());
        });
    }

    @Test
    void theNextLookHasTheSameProgram() throws Exception {
        promptly(() -> {
            try (Surveyor surveyor = Surveying.open()) {
                Look look = surveyor.look();
                if (look != null) {
                    look.close();
                    Map<Integer, String> kept = programs();
                    surveyor.look().close();
                    assertEquals(kept, programs());
                }
            }
        });
    }

    @Test
    void twoAtOnceHaveProgramsOfTheirOwn() throws Exception {
        promptly(() -> {
            try (Surveyor one = Surveying.open();
                    Surveyor other = Surveying.open()) {
                assertEquals(2, programs().values().stream().distinct().count());
                assertEquals(one.take().find(-1), other.take().find(-1));
            }
            assertEquals(1, programs().size());
        });
    }

    @Test
    void whoClosesTwiceGivesBackOnce() throws Exception {
        promptly(() -> {
            Surveyor surveyor = Surveying.open();
            Look look = surveyor.look();
            surveyor.close();
            surveyor.close();
            if (look != null) {
                look.close();
                look.close();
            }
            assertEquals(look == null ? 1 : 2, programs().size());
        });
    }

    @Test
    void itIsLetGoOfBeforeLong() throws Exception {
        promptly(() -> {
            Surveying.open().close();
            assertEquals(1, programs().size());
        });
        Await.until("no program is kept", () -> programs().isEmpty());
    }

    @Test
    void itIsNotLetGoOfWhileItIsOfUse() throws Exception {
        Surveying.open().close();
        for (int i = 0; i < 20; i++) {
            promptly(() -> {
                Surveying.open().close();
                Map<Integer, String> kept = programs();
                Thread.sleep(100); // So that the time passes in which it would be let go of.
                Surveying.open().close();
                assertEquals(kept, programs());
            });
        }
    }

    @Test
    void itIsLetGoOfAtOnceWhereThatIsSaid() throws Exception {
        Surveying.open().close();
        Surveys.letGo();
        assertEquals(Map.of(), programs());
    }

    /** Another kernel, to which this process was carried. */
    @Test
    void anotherKernelGetsAProgramOfItsOwn() throws Exception {
        promptly(() -> {
            KernelLayout one = new KernelLayout(Btf.ofKernel());
            KernelLayout other = new KernelLayout(Btf.ofKernel());
            Surveyor.open(one, 0, ProcessCalls.thread()).close();
            Map<Integer, String> kept = programs();
            try (Surveyor surveyor = Surveyor.open(other, 0, ProcessCalls.thread())) {
                assertNotNull(surveyor);
                assertEquals(1, programs().size());
                assertNull(programs().values().stream().filter(kept::containsValue).findAny().orElse(null));
            }
        });
    }

    @Test
    void fewerDescriptorsAreWorthASurveyThatCostsLess() throws Exception {
        promptly(() -> {
            Surveys.letGo();
            assertNull(Surveys.open(40));
            Surveying.open().close();
            assertNull(Surveys.open(39));
            try (Surveyor surveyor = Surveys.open(40)) {
                assertNotNull(surveyor);
            }
        });
    }

    @Test
    void itMakesWayForAPipeThatIsRestoredInPlace() throws Exception {
        promptly(() -> {
            Path image = folder.resolve("image");
            try (TestPipe pipe = TestPipe.create()) {
                Surveying.open().close();
                int number = programs().keySet().iterator().next();
                Surveys.letGo();
                try (Fd end = DescriptorCalls.duplicateTo(pipe.r(), number)) {
                    Surveying.with(false, () -> Checkpoint.ofDescriptors(end.number()).writeTo(image));
                }
                Surveying.open().close();
                assertEquals(Set.of(number), programs().keySet());
                Restore.from(image).inPlace();
                Fd.owning(number).close();
            }
        });
    }

    @Test
    void noneIsKeptInAJvmThatCanBeCheckpointed() throws Exception {
        Path source = Files.writeString(folder.resolve("module-info.java"), "module jdk.crac {}");
        Path modules = folder.resolve("modules");
        assertEquals(0, ToolProvider.findFirst("javac").orElseThrow()
                .run(System.out, System.err, "-d", modules.resolve("jdk.crac").toString(), source.toString()));

        assertNotEquals("0\n", programsKept(List.of()));
        assertEquals("0\n", programsKept(List.of("--module-path", modules.toString(), "--add-modules", "jdk.crac")));
    }

    private static String programsKept(List<String> jvmOptions) throws Exception {
        TestJvm.Result result = TestJvm.run(jvmOptions, SpareProgramDriver.class);
        assertEquals(0, result.exitStatus(), result::output);
        return result.output();
    }

    @Test
    void noneIsKeptWhereNumbersAreVacated() throws Exception {
        Path image = folder.resolve("image");
        Pipe pipe = Pipe.open();
        try (Pipe.SourceChannel source = pipe.source();
                Pipe.SinkChannel sink = pipe.sink()) {
            assertNotNull(source);
            assertNotNull(sink);
            PipesInPlace pipes = PipesInPlace.of(pipe);
            pipes.checkpoint(image);
            Surveying.open().close();
            pipes.vacate();
            assertEquals(Map.of(), programs());
            pipes.restore(Restore.from(image));
        }
    }
}
