// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

/** A number without a sign, as far as an int reaches, or one that is to be read without a sign; a pid is 1 at least. */
public enum NumberKind implements Kind<Integer> {
    ANY("number", 0, Integer.MAX_VALUE, Completion.NONE),
    UNSIGNED("number", 0, 0xFFFF_FFFFL, Completion.NONE),
    PID("pid", 1, Integer.MAX_VALUE, Completion.PID);

    private static final int MOST_DIGITS = 10;

    private final String name;
    private final int least;
    private final long most;
    private final Completion completion;

    NumberKind(String name, int least, long most, Completion completion) {
        this.name = name;
        this.least = least;
        this.most = most;
        this.completion = completion;
    }

    /** Returns whether this is a number without a sign, as far as an int reaches. */
    public static boolean isNumber(String typed) {
        return isNumber(typed, Integer.MAX_VALUE);
    }

    private static boolean isNumber(String typed, long most) {
        if (typed.isEmpty() || typed.length() > MOST_DIGITS) {
            return false;
        }
        for (int at = 0; at < typed.length(); at++) {
            if (typed.charAt(at) < '0' || typed.charAt(at) > '9') {
                return false;
            }
        }
        return Long.parseLong(typed) <= most;
    }

    @Override
    public Integer of(String typed) {
        if (!isNumber(typed, most) || Long.parseLong(typed) < least) {
            throw new IllegalArgumentException("'" + typed + "' is no " + name + ", expected " + least + " to " + most);
        }
        return (int) Long.parseLong(typed);
    }

    @Override
    public Completion completion() {
        return completion;
    }
}
