// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.ErrnoException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Standard output, which remembers why a write failed: a print writer does not. */
final class DataStream extends OutputStream {

    private static final String NO_SPACE = "No space left on device";
    private static final String CLOSED = "Bad file descriptor";
    private static final String READER_GONE = "Broken pipe";

    private final OutputStream target = new FileOutputStream(FileDescriptor.out);
    private @Nullable IOException failure;

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            target.write(bytes, offset, length);
        } catch (IOException e) {
            failure = failure == null ? e : failure;
            throw e;
        }
    }

    /** Returns whether a write failed since nobody reads any more. The text of the error may be in the user's language. */
    boolean isReaderGone() {
        try {
            return failure != null && (READER_GONE.equals(failure.getMessage())
                    || (PipeCalls.poll(Subcommand.STANDARD_OUTPUT, Flags.POLLOUT) & Flags.POLLERR) != 0);
        } catch (ErrnoException | LinkageError e) {
            return false;
        }
    }

    /** Returns why a write failed. */
    String reason() {
        String message = failure == null ? null : failure.getMessage();
        return message == null ? "" : message.equals(NO_SPACE) ? ": no space is left" : message.equals(CLOSED) ? ": it is closed, or not open for writing" : ": " + message;
    }
}
