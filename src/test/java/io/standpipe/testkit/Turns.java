// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The JVMs of one build take turns: a class that is {@link Alone} waits until no other runs, and has the others wait. JUnit
 * finds this by itself, for every class. It is done with locks on two bytes of a file, that of a turn and that of being next,
 * so that whoever waits to be alone is not overtaken.
 */
public final class Turns implements BeforeAllCallback, AfterAllCallback {

    private static final Path FILE = Path.of("target", "turns");
    private static final long TURN = 0;
    private static final long NEXT = 1;

    private static FileChannel channel;
    private static FileLock turn;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        if (channel == null) {
            channel = FileChannel.open(
                    FILE, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }
        boolean alone = context.getRequiredTestClass().isAnnotationPresent(Alone.class);
        FileLock next = channel.lock(NEXT, 1, false);
        try {
            turn = channel.lock(TURN, 1, !alone);
        } finally {
            next.release();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        turn.release();
    }
}
