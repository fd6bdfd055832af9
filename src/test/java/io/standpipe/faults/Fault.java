// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

/**
 * A call that is to fail.
 *
 * @param kind of the call, as faults.c names it
 * @param at which of these calls, from 1 on
 * @param with an error number, or {@link #SHORT}
 * @param inChild whether a forked child's calls count, or the JVM's
 */
record Fault(String kind, int at, int with, boolean inChild) {

    /** In place of an error: half of what was asked for. */
    static final int SHORT = -1;

    /** The name of the call alone. */
    String call() {
        int bracket = kind.indexOf('(');
        return bracket < 0 ? kind : kind.substring(0, bracket);
    }

    @Override
    public String toString() {
        return kind + " #" + at + (inChild ? " in a child" : "") + " "
                + (with == SHORT ? "short" : ErrnoNames.name(with));
    }
}
