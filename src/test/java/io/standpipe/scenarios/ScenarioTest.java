// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import io.standpipe.testkit.DescriptorLeakCheck;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A test with puppets; one that waits for an answer that never comes is ended by the timeout. */
@Timeout(120)
@ExtendWith(DescriptorLeakCheck.class)
abstract class ScenarioTest {

    static final int PAGE = 4096;

    @TempDir
    static Path programs;

    private static Path program;

    @TempDir
    Path folder;

    Stage stage;

    @BeforeAll
    static void compile() throws IOException, InterruptedException {
        program = Stage.compile(programs.toRealPath());
    }

    @BeforeEach
    void setTheStage() throws IOException {
        folder = folder.toRealPath();
        stage = Stage.in(folder, program);
    }

    @AfterEach
    void clearTheStage() throws IOException {
        stage.close();
    }

    /** Text in which each part is another. */
    static String text(int length) {
        StringBuilder text = new StringBuilder(length + 8);
        for (int i = 0; text.length() < length; i++) {
            text.append(i).append(' ');
        }
        return text.substring(0, length);
    }
}
