// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

/**
 * Whether the Maven profile {@code thorough} is on. With it, tests run all their rounds, and child JVMs run with the JVM's defaults.
 * Without it, the same tests run some of their rounds, and child JVMs run with flags for a fast start.
 */
public final class Thorough {

    private static final boolean WANTED = Boolean.getBoolean("standpipe.thorough");

    private Thorough() {}

    public static boolean isWanted() {
        return WANTED;
    }

    /** Returns {@code all} if the profile is on, otherwise {@code some}. */
    public static int rounds(int some, int all) {
        return WANTED ? all : some;
    }
}
