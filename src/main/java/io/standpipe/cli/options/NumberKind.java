// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

/** A number without a sign, as far as an int reaches; a pid is 1 at least. */
public enum NumberKind implements Kind<Integer> {
    ANY("number", 0, Completion.NONE),
    PID("pid", 1, Completion.PID);

    private static final int MOST_DIGITS = 10;

    private final String name;
    private final int least;
    private final Completion completion;

    NumberKind(String name, int least, Completion completion) {
        this.name = name;
        this.least = least;
        this.completion = completion;
    }

    /** Returns whether {@link #of} takes this. */
    public static boolean isNumber(String typed) {
        if (typed.isEmpty() || typed.length() > MOST_DIGITS) {
            return false;
        }
        for (int at = 0; at < typed.length(); at++) {
            if (typed.charAt(at) < '0' || typed.charAt(at) > '9') {
                return false;
            }
        }
        return Long.parseLong(typed) <= Integer.MAX_VALUE;
    }

    @Override
    public Integer of(String typed) {
        if (!isNumber(typed) || Integer.parseInt(typed) < least) {
            throw new IllegalArgumentException("'" + typed + "' is no " + name + ", expected " + least + " to " + Integer.MAX_VALUE);
        }
        return Integer.valueOf(typed);
    }

    @Override
    public Completion completion() {
        return completion;
    }
}
