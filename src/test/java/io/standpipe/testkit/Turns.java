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
 * Lets test classes marked {@link Alone} run while no other class does, in no JVM of the build. JUnit registers this extension for every
 * class. A class holds a lock on the byte TURN of a file while it runs: exclusive if it is alone, shared otherwise. It takes that
 * lock while it holds the exclusive lock on the byte NEXT, so that others cannot overtake a class that waits to be alone.
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
