// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import io.standpipe.pipe.ErrnoException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether an exception says what fault there was: its message in words, without the call's arguments, and a cause by the names of call
 * and error; or the message by what the two mean where that is one thing.
 */
final class Messages {

    private static final Pattern CALL = Pattern.compile("\\w\\(\\w+=|flags=|\\bE[A-Z]{3,} \\(");

    /** What is said where no cause has the names. */
    private record Meaning(String calls, String error, Pattern said) {

        Meaning(String calls, String error, String said) {
            this(calls, error, Pattern.compile(said));
        }
    }

    private static final List<Meaning> MEANINGS = List.of(
            new Meaning("fcntl", "EPERM", "a capacity of \\d+ bytes is refused; .*raise it"),
            new Meaning("dup3", "EBUSY", "the number is taken by "),
            new Meaning("mkfifoat", "EEXIST", "something has this name"),
            new Meaning("write|splice", "EPIPE", "whoever read .* has gone away"),
            new Meaning("pidfd_getfd", "EPERM", "its descriptors may not be copied"));

    private static final Pattern FELL_SHORT = Pattern.compile("short|too few|took|cannot be discarded");

    boolean tell(Fault fault, Throwable thrown) {
        String message = thrown.getMessage();
        if (message == null || message.contains("\n") || CALL.matcher(message).find()) {
            return false;
        }
        if (fault.with() == Fault.SHORT) {
            return FELL_SHORT.matcher(message).find();
        }
        String error = ErrnoNames.name(fault.with());
        return hasCause(thrown, fault.call(), error) || MEANINGS.stream().anyMatch(meaning -> fault.call().matches(meaning.calls)
                && error.matches(meaning.error) && meaning.said.matcher(message).find());
    }

    private static boolean hasCause(@Nullable Throwable thrown, String call, String error) {
        for (Throwable e = thrown; e != null; e = e.getCause()) {
            if (e instanceof ErrnoException && String.valueOf(e.getMessage()).contains(call) && e.getMessage().contains(error)) {
                return true;
            }
        }
        return false;
    }
}
