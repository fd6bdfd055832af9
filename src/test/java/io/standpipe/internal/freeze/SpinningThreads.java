// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import java.io.IOException;

/** Has threads that never rest, until its standard input ends. */
final class SpinningThreads {

    private static final int THREADS = 4;

    private SpinningThreads() {}

    public static void main(String[] args) throws IOException {
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(() -> {
                while (true) {
                    Thread.onSpinWait();
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
        System.out.println("spinning");
        System.in.read();
    }
}
