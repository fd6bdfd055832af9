// SPDX-License-Identifier: Apache-2.0
package io.standpipe.survey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.standpipe.bridge.DescriptorCalls;
import io.standpipe.bridge.Fd;
import io.standpipe.bridge.FileCalls;
import io.standpipe.bridge.Flags;
import io.standpipe.bridge.NativeMemory;
import io.standpipe.bridge.PipeCalls;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Pipes;
import io.standpipe.testkit.Surveying;
import io.standpipe.testkit.Sysctl;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a survey tells, and that no change of a pipe escapes two of them. */
@ExtendWith(DescriptorLeakCheck.class)
class SurveyTest {

    private static final int PAGE = 4096;

    private Surveyor surveyor;

    @BeforeEach
    void open() throws Exception {
        surveyor = Surveying.open();
    }

    @AfterEach
    void close() {
        if (surveyor != null) {
            surveyor.close();
        }
    }

    @Test
    void ofWhatIsNoPipeItTellsNothing() throws IOException {
        try (Fd file = FileCalls.open(FileCalls.CURRENT_FOLDER, "/dev/null", Flags.O_RDONLY, 0)) {
            Survey survey = surveyor.take();
            assertTrue(survey.find(file.number()) < 0);
            assertTrue(survey.find(1_000_000) < 0);
        }
    }

    /** All threads share one table. */
    @Test
    void everyThreadCanTakeOne() throws Exception {
        try (TestPipe pipe = TestPipe.holding(new byte[7])) {
            int length = CompletableFuture.supplyAsync(() -> {
                        try (Surveyor own = Surveying.open()) {
                            Survey survey = own.take();
                            return survey.lengthBytes(survey.find(pipe.r()), 0);
                        } catch (Exception e) {
                            throw new CompletionException(e);
                        }
                    })
                    .get();
            assertEquals(7, length);
        }
    }

    @Test
    void aFifoIsNotAnonymous() throws Exception {
        Path path = Path.of("target", "survey-" + ProcessHandle.current().pid());
        assertEquals(0, new ProcessBuilder("mkfifo", path.toString()).start().waitFor());
        try (Fd fifo = FileCalls.open(FileCalls.CURRENT_FOLDER, path.toString(), Flags.O_RDWR, 0);
                TestPipe pipe = TestPipe.create()) {
            Survey survey = surveyor.take();
            assertFalse(survey.isAnonymous(survey.find(fifo.number())));
            assertTrue(survey.isAnonymous(survey.find(pipe.r())));
        } finally {
            path.toFile().delete();
        }
    }

    @Test
    void copiesOfADescriptorAreOneDescription() throws IOException {
        try (TestPipe pipe = TestPipe.create();
                Fd copy = DescriptorCalls.duplicate(pipe.r());
                Fd opened = FileCalls.reopen(pipe.r(), Flags.O_RDONLY)) {
            Survey survey = surveyor.take();
            long description = survey.description(survey.find(pipe.r()));
            assertEquals(description, survey.description(survey.find(copy.number())));
            assertNotEquals(description, survey.description(survey.find(opened.number())));
            assertEquals(survey.ino(survey.find(pipe.r())), survey.ino(survey.find(opened.number())));
        }
    }

    /** More than one word of the table has bits of. */
    @Test
    void eachDescriptorHasItsOwnCloseOnExec() throws IOException {
        List<Fd> copies = new ArrayList<>();
        try (TestPipe pipe = TestPipe.create()) {
            for (int i = 0; i < 130; i++) {
                copies.add(DescriptorCalls.duplicateFrom(pipe.r(), 300 + i));
            }
            Survey survey = surveyor.take();
            for (Fd copy : copies) {
                assertEquals(
                        DescriptorCalls.isCloseOnExec(copy.number()),
                        survey.isCloseOnExec(survey.find(copy.number())));
            }
        } finally {
            Fd.closeAll(copies);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 16, 256})
    void allSlotsAreToldWhereverTheRingBegins(int slots) throws IOException {
        try (TestPipe pipe = TestPipe.create(slots * PAGE)) {
            for (int begin = 0; begin < slots; begin += Math.max(1, slots / 5)) {
                for (int i = 0; i < slots; i++) {
                    pipe.write(new byte[PAGE - i]);
                }
                Survey survey = surveyor.take();
                int place = survey.find(pipe.r());
                assertEquals(slots, survey.slots(place));
                for (int i = 0; i < slots; i++) {
                    assertEquals(PAGE - i, survey.lengthBytes(place, i));
                }
                Pipes.readAll(pipe.r());
                Pipes.writeHere(pipe.w(), new byte[1]);
                Pipes.readAtMost(pipe.r(), 1);
            }
        }
    }

    @Test
    void ofMoreSlotsItTellsNone() throws IOException {
        assumeTrue(
                Sysctl.number(Sysctl.PIPE_MAX_SIZE) >= 512 * PAGE,
                "no pipe can have more than 256 slots: " + Sysctl.PIPE_MAX_SIZE);
        try (TestPipe pipe = TestPipe.create(512 * PAGE)) {
            pipe.write(new byte[257 * PAGE]);
            Survey survey = surveyor.take();
            assertEquals(-1, survey.slots(survey.find(pipe.r())));
        }
    }

    /** More than one read of the iteration tells, and more than the first memory has room for. */
    @Test
    void manyPipesAreAllTold() throws IOException {
        List<TestPipe> pipes = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                pipes.add(TestPipe.holding(new byte[16 * PAGE]));
            }
            Survey survey = surveyor.take();
            for (TestPipe pipe : pipes) {
                assertEquals(16, survey.slots(survey.find(pipe.r())));
                assertEquals(survey.ino(survey.find(pipe.r())), survey.ino(survey.find(pipe.w())));
            }
        } finally {
            pipes.forEach(TestPipe::close);
        }
    }

    /** What may happen to a pipe of two pages and ten bytes, and its descriptors, between two surveys. */
    enum Change {
        BYTE_READ {
            @Override
            void happen(TestPipe pipe) throws IOException {
                Pipes.readAtMost(pipe.r(), 1);
            }
        },
        BYTE_WRITTEN {
            @Override
            void happen(TestPipe pipe) throws IOException {
                Pipes.writeHere(pipe.w(), new byte[1]);
            }
        },
        AS_MANY_WRITTEN_AS_READ {
            @Override
            void happen(TestPipe pipe) throws IOException {
                Pipes.writeHere(pipe.w(), new byte[10]);
                Pipes.readAtMost(pipe.r(), 10);
            }
        },
        ALL_READ_AND_THE_SAME_WRITTEN {
            @Override
            void happen(TestPipe pipe) throws IOException {
                pipe.write(Pipes.readAll(pipe.r()));
            }
        },
        CAPACITY {
            @Override
            void happen(TestPipe pipe) throws IOException {
                PipeCalls.setCapacityBytes(pipe.r(), 8 * PAGE);
            }
        },
        STATUS_FLAGS {
            @Override
            void happen(TestPipe pipe) throws IOException {
                Pipes.setNonBlocking(pipe.r());
            }
        },
        SIGNAL {
            @Override
            void happen(TestPipe pipe) throws IOException {
                DescriptorCalls.setSignal(pipe.r(), 10);
            }
        },
        MODE {
            @Override
            void happen(TestPipe pipe) throws IOException {
                DescriptorCalls.setInodeMode(pipe.r(), 0640);
            }
        },
        WRITER_GONE {
            @Override
            void happen(TestPipe pipe) {
                pipe.closeWriteEnd();
            }
        },
        ANOTHER_DESCRIPTION {
            @Override
            void happen(TestPipe pipe) throws IOException {
                try (Fd opened = FileCalls.reopen(pipe.r(), Flags.O_RDONLY)) {
                    DescriptorCalls.duplicateTo(opened.number(), pipe.r()).release();
                }
            }
        },
        ANOTHER_PIPE {
            @Override
            void happen(TestPipe pipe) throws IOException {
                try (TestPipe other = TestPipe.holding(new byte[2 * PAGE + 10])) {
                    DescriptorCalls.duplicateTo(other.r(), pipe.r()).release();
                }
            }
        };

        abstract void happen(TestPipe pipe) throws IOException;
    }

    @ParameterizedTest
    @EnumSource(Change.class)
    void aChangeIsSeen(Change change) throws IOException {
        try (TestPipe pipe = TestPipe.holding(new byte[2 * PAGE + 10]);
                TestPipe untouched = TestPipe.holding(new byte[100])) {
            Survey before = surveyor.take();
            change.happen(pipe);
            Survey after = surveyor.take();
            assertFalse(before.isSame(before.find(pipe.r()), after, after.find(pipe.r())));
            assertTrue(before.isSame(before.find(untouched.r()), after, after.find(untouched.r())));
            assertTrue(before.isSame(before.find(untouched.w()), after, after.find(untouched.w())));
        }
    }

    @Test
    void aTeeChangesNothing() throws IOException {
        try (TestPipe pipe = TestPipe.holding(new byte[2 * PAGE + 10]); TestPipe clone = TestPipe.create()) {
            Survey before = surveyor.take();
            PipeCalls.tee(pipe.r(), clone.w(), Integer.MAX_VALUE);
            PipeCalls.read(clone.r(), NativeMemory.nativeOrder(PAGE), 0, PAGE);
            Survey after = surveyor.take();
            assertTrue(before.isSame(before.find(pipe.r()), after, after.find(pipe.r())));
        }
    }
}
