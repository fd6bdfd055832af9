// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static java.util.Map.entry;

import io.standpipe.StandpipeException;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says why something failed in the words of people. The call itself, with its arguments, is for those who look at the exception's
 * cause; a message has at most the call's name.
 */
public final class Reasons {

    /** Errors that need no call beside them to be understood. */
    private static final Map<Integer, String> PLAIN = Map.ofEntries(
            entry(Errno.ENOENT, "there is no such file or directory"),
            entry(Errno.ESRCH, "there is no such process"),
            entry(Errno.EIO, "input/output error"),
            entry(Errno.ENOMEM, "no memory is left"),
            entry(Errno.EACCES, "permission denied"),
            entry(Errno.EEXIST, "something has this name already"),
            entry(Errno.ENOTDIR, "what is to be a directory is none"),
            entry(Errno.EISDIR, "a directory"),
            entry(Errno.ENFILE, "too many files are open in the system"),
            entry(Errno.EMFILE, "too many descriptors are open"),
            entry(Errno.EFBIG, "the file would be larger than it may be here (ulimit -f, or the file system's limit)"),
            entry(Errno.ENOSPC, "no space is left"),
            entry(Errno.EROFS, "the file system is read-only"),
            entry(Errno.ENAMETOOLONG, "the name is too long"),
            entry(Errno.ELOOP, "too many symbolic links, or one that leads back to itself"),
            entry(Errno.EDQUOT, "the disk quota is used up"),
            entry(Errno.ETXTBSY, "a process has the file open for writing"),
            entry(Errno.E2BIG, "the arguments and the environment are too long"),
            entry(Errno.ENOEXEC, "a file that the kernel cannot execute"));

    private Reasons() {}

    /** Returns why a call failed, such as {@code no space is left}; behind rarer errors is the call's name. */
    public static String of(ErrnoException e) {
        Throwable cause = e.getCause();
        if (cause != null && cause.getMessage() != null) {
            return cause.getMessage(); // No call was made, for this reason.
        }
        String plain = PLAIN.get(e.errno());
        return plain != null ? plain : meaning(e) + " (" + call(e) + ")";
    }

    /** Returns why something failed, without the names of Java's exceptions. */
    public static String of(IOException e) {
        if (e instanceof ErrnoException call) {
            return of(call);
        }
        if (e.getCause() instanceof ErrnoException call && !(e instanceof StandpipeException)) {
            return of(call);
        }
        if (e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException)) {
            return orElse(e.getMessage(), "the thread was interrupted");
        }
        if (e instanceof ClosedChannelException) {
            return e instanceof ClosedByInterruptException ? "the thread was interrupted" : "it is closed";
        }
        return e instanceof FileSystemException file ? ofFile(file) : orElse(e.getMessage(), "input/output error");
    }

    /** Returns whether something failed for want of descriptors, here or in the system. */
    public static boolean isWantOfDescriptors(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ErrnoException call && (call.errno() == Errno.EMFILE || call.errno() == Errno.ENFILE)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the name of the call that failed, such as {@code openat}: what its message has before the arguments and the error. */
    public static String call(ErrnoException e) {
        String message = orElse(e.getMessage(), "");
        int end = 0;
        while (end < message.length() && message.charAt(end) != '(' && message.charAt(end) != ':') {
            end++;
        }
        return message.substring(0, end).trim();
    }

    private static String ofFile(FileSystemException e) {
        int errno = e instanceof NoSuchFileException ? Errno.ENOENT
                : e instanceof AccessDeniedException ? Errno.EACCES
                : e instanceof FileAlreadyExistsException ? Errno.EEXIST
                : e instanceof NotDirectoryException ? Errno.ENOTDIR
                : Errno.EIO;
        String what = String.valueOf(errno == Errno.EIO && e.getReason() != null ? e.getReason() : PLAIN.get(errno));
        return e.getFile() == null ? what : e.getFile() + ": " + what;
    }

    private static String orElse(@Nullable String text, String otherwise) {
        return text != null ? text : otherwise;
    }

    /** Returns the C library's text for the error, in lower case, without the name: what it says is in the exception's cause. */
    private static String meaning(ErrnoException e) {
        String reason = e.reason();
        int begin = reason.indexOf('(') + 1;
        int end = reason.lastIndexOf(')');
        if (begin == 0 || end < begin) {
            return reason;
        }
        return Character.toLowerCase(reason.charAt(begin)) + reason.substring(begin + 1, end);
    }
}
