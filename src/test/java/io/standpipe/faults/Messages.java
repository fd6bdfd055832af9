// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import java.util.List;
import java.util.regex.Pattern;

/** Whether a message tells of a fault: by the names of call and error, or by what they mean where that is one thing. */
final class Messages {

    /** What is said in place of the names. */
    private record Meaning(String calls, String error, Pattern said) {

        Meaning(String calls, String error, String said) {
            this(calls, error, Pattern.compile(said));
        }
    }

    private static final List<Meaning> MEANINGS = List.of(
            new Meaning("fcntl", "EPERM", "a capacity of \\d+ bytes is refused \\(EPERM\\); .*raise it"),
            new Meaning("dup3", "EBUSY", "the number is taken by "),
            new Meaning("mkfifoat", "EEXIST", "something has this name"),
            new Meaning("write|splice", "EPIPE", "whoever read .* has gone away \\(EPIPE\\)"),
            new Meaning("pidfd_getfd", "EPERM", "its descriptors may not be copied \\(EPERM\\)"));

    boolean tell(Fault fault, String message) {
        if (message == null || message.contains("\n")) {
            return false;
        }
        if (fault.with() == Fault.SHORT) {
            return message.contains("short") || message.contains("EPIPE");
        }
        String error = ErrnoNames.name(fault.with());
        if (message.contains(fault.call()) && message.contains(error)) {
            return true;
        }
        return MEANINGS.stream().anyMatch(meaning -> fault.call().matches(meaning.calls)
                && error.matches(meaning.error) && meaning.said.matcher(message).find());
    }
}
