// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The path of a file or of a directory. */
public enum PathKind implements Kind<Path> {
    FILE(Completion.FILE),
    DIRECTORY(Completion.DIRECTORY);

    private final Completion completion;

    PathKind(Completion completion) {
        this.completion = completion;
    }

    @Override
    public Path of(String typed) {
        if (typed.isEmpty()) {
            throw new IllegalArgumentException("an empty name is no path");
        }
        try {
            return Path.of(typed);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + typed + "' is no path here: " + e.getReason(), e);
        }
    }

    @Override
    public Completion completion() {
        return completion;
    }
}
