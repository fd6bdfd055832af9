// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

/**
 * Whether the tests take all the rounds they have and child JVMs the JVM's own defaults: the profile {@code thorough}. Otherwise
 * the same tests take some of the rounds, and child JVMs start as cheaply as may be.
 */
public final class Thorough {

    private static final boolean WANTED = Boolean.getBoolean("standpipe.thorough");

    private Thorough() {}

    public static boolean isWanted() {
        return WANTED;
    }

    /** How many rounds a test takes. */
    public static int rounds(int some, int all) {
        return WANTED ? all : some;
    }
}
