// SPDX-License-Identifier: Apache-2.0
package io.standpipe.survey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.standpipe.bridge.Fd;
import io.standpipe.bridge.FileCalls;
import io.standpipe.bridge.Flags;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Pipes;
import io.standpipe.testkit.Surveying;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A look at one descriptor sees what has happened to its pipe since a survey. */
@ExtendWith(DescriptorLeakCheck.class)
class LookTest {

    private static final int PAGE = 4096;

    private Surveyor surveyor;
    private Look look;

    @BeforeEach
    void open() throws Exception {
        surveyor = Surveying.open();
        look = surveyor.look();
        if (look == null) {
            surveyor.close();
        }
        assumeTrue(look != null, "no look is to be had here: it takes Linux 6.2");
    }

    @AfterEach
    void close() {
        if (look != null) {
            look.close();
            surveyor.close();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SurveyTest.Change.class,
            names = {"BYTE_READ", "BYTE_WRITTEN", "AS_MANY_WRITTEN_AS_READ", "ALL_READ_AND_THE_SAME_WRITTEN"})
    void aChangeOfTheContentIsSeen(SurveyTest.Change change) throws IOException {
        try (TestPipe pipe = TestPipe.holding(new byte[2 * PAGE + 10])) {
            Survey survey = surveyor.take();
            int place = survey.find(pipe.r());
            change.happen(pipe);
            look.at(pipe.r());
            assertTrue(look.isSameDescription(survey, place));
            assertFalse(look.isSameContent(survey, place));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SurveyTest.Change.class,
            names = {"ANOTHER_DESCRIPTION", "ANOTHER_PIPE"})
    void anotherDescriptionIsSeen(SurveyTest.Change change) throws IOException {
        try (TestPipe pipe = TestPipe.holding(new byte[2 * PAGE + 10])) {
            Survey survey = surveyor.take();
            change.happen(pipe);
            look.at(pipe.r());
            assertFalse(look.isSameDescription(survey, survey.find(pipe.r())));
        }
    }

    @Test
    void whatIsClosedOrNoPipeIsNone() throws IOException {
        try (TestPipe pipe = TestPipe.create();
                Fd file = FileCalls.open(FileCalls.CURRENT_FOLDER, "/dev/null", Flags.O_RDONLY, 0)) {
            Survey survey = surveyor.take();
            int place = survey.find(pipe.r());
            int number = pipe.r();
            for (int none : new int[] {file.number(), 1_000_000_000, -1}) {
                look.at(number);
                assertTrue(look.isSameDescription(survey, place));
                look.at(none);
                assertFalse(look.isSameDescription(survey, place));
            }
            pipe.closeReadEnd();
            look.at(number);
            assertFalse(look.isSameDescription(survey, place));
        }
    }

    /** Wherever the ring begins, and of an empty pipe, as often as it is looked at. */
    @Test
    void nothingIsSeenWhereNothingHappens() throws IOException {
        for (int length : new int[] {0, 1, PAGE, 3 * PAGE + 1, 4 * PAGE}) {
            try (TestPipe pipe = TestPipe.create(4 * PAGE)) {
                for (int begin = 0; begin < 5; begin++) {
                    pipe.write(new byte[length]);
                    Survey survey = surveyor.take();
                    int place = survey.find(pipe.r());
                    for (int i = 0; i < 3; i++) {
                        look.at(pipe.r());
                        assertTrue(look.isSameDescription(survey, place));
                        assertTrue(look.isSameContent(survey, place));
                    }
                    assertEquals(length, Pipes.readAll(pipe.r()).length);
                    Pipes.writeHere(pipe.w(), new byte[1]);
                    Pipes.readAtMost(pipe.r(), 1);
                }
            }
        }
    }
}
