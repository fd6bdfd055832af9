// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

/** Any text. */
public enum TextKind implements Kind<String> {
    PLAIN(Completion.NONE),
    /** A command of {@code standpipe}. */
    VERB(Completion.VERB),
    /** A word of a command that is to be run. */
    COMMAND(Completion.COMMAND);

    private final Completion completion;

    TextKind(Completion completion) {
        this.completion = completion;
    }

    @Override
    public String of(String typed) {
        return typed;
    }

    @Override
    public Completion completion() {
        return completion;
    }
}
