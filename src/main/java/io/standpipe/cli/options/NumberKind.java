// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

/** A number of at most nine digits, without a sign; or ten digits as far as an int reaches. */
public enum NumberKind implements Kind<Integer> {
    ANY("number", Completion.NONE),
    PID("pid", Completion.PID);

    private static final int MOST_DIGITS = 10;

    private final String name;
    private final Completion completion;

    NumberKind(String name, Completion completion) {
        this.name = name;
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
        if (!isNumber(typed)) {
            throw new IllegalArgumentException("'" + typed + "' is no " + name + ", expected a number");
        }
        return Integer.valueOf(typed);
    }

    @Override
    public Completion completion() {
        return completion;
    }
}
