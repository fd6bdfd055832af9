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
        if (this == FILE && typed.length() > 1 && typed.endsWith("/")) {
            throw new IllegalArgumentException("'" + typed + "' is the name of a directory, expected that of a file: without / at its end");
        }
        int url = typed.indexOf("://");
        if (url > 0 && typed.indexOf('/') > url) {
            throw new IllegalArgumentException("'" + typed + "' is a URL, expected a path; of URLs there is s3://BUCKET/KEY, for images that are"
                    + " saved, restored or shown (a path that looks so is ./" + typed + ")");
        }
        try {
            return Path.of(typed);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    typed.indexOf('\0') >= 0 ? "'" + typed + "' is no path here: " + e.getReason()
                            : "'" + typed + "' cannot be read in this JVM's encoding of file names, " + System.getProperty("sun.jnu.encoding")
                                    + ": run it in a UTF-8 locale, such as LC_ALL=C.UTF-8", e);
        }
    }

    @Override
    public Completion completion() {
        return completion;
    }
}
