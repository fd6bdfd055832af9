// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

/** What a JVM takes to start and end with next to nothing in between. */
public final class Hello {

    private Hello() {}

    public static void main(String[] arguments) {
        System.out.println("Hello, world");
    }
}
