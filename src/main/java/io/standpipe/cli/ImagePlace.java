// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Checkpoint;
import io.standpipe.CheckpointReport;
import io.standpipe.Durability;
import io.standpipe.ImageStore;
import io.standpipe.Restore;
import io.standpipe.cli.criu.CriuDump;
import io.standpipe.cli.options.Completion;
import io.standpipe.cli.options.Kind;
import io.standpipe.cli.options.PathKind;
import io.standpipe.cli.options.UsageException;
import io.standpipe.internal.checkpoint.ImageTarget;
import io.standpipe.internal.s3.S3Location;
import io.standpipe.s3.S3Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where an image is: in a file, in an object of an S3 store, or {@code -}, which is standard input or output. */
final class ImagePlace {

    /** What the help has for an image that is read. */
    static final String HELP = "The image; s3://BUCKET/KEY is an object of an S3 store, - is standard input.";

    /** What the help has for an image that is read, or a dump. */
    static final String OR_DUMP_HELP = "The image, or a directory with a dump of CRIU; s3://BUCKET/KEY is an object of an S3 store, - is standard input.";

    private static final Path STREAM = Path.of("-");

    private final @Nullable Path file;
    private final @Nullable S3Location object;

    private ImagePlace(@Nullable Path file, @Nullable S3Location object) {
        this.file = file;
        this.object = object;
    }

    /** The kind of what is typed for an image. */
    enum Form implements Kind<ImagePlace> {
        ANY,
        /** Also a directory with a dump of CRIU. */
        OR_DUMP;

        @Override
        public ImagePlace of(String typed) {
            if (this == OR_DUMP && typed.endsWith("/") && isDump(PathKind.DIRECTORY.of(typed))) {
                return new ImagePlace(PathKind.DIRECTORY.of(typed), null);
            }
            return S3Location.isNamed(typed) ? new ImagePlace(null, S3Location.of(typed)) : new ImagePlace(PathKind.FILE.of(typed), null);
        }

        @Override
        public Completion completion() {
            return Completion.FILE;
        }
    }

    boolean isStream() {
        return STREAM.equals(file);
    }

    /** Returns the path of a file; null for a stream or an object. */
    @Nullable Path file() {
        return isStream() ? null : file;
    }

    /** Returns the directory, if this is one with a dump of CRIU; null for an image. */
    @Nullable Path dump() {
        Path directory = file();
        return directory != null && isDump(directory) ? directory : null;
    }

    /** Knows a dump by a file, without a class of those that read it. */
    private static boolean isDump(Path directory) {
        return Files.isDirectory(directory) && Files.exists(directory.resolve(CriuDump.INVENTORY), LinkOption.NOFOLLOW_LINKS);
    }

    /** Returns the name of what is no stream; null for a stream. */
    @Nullable String name() {
        return isStream() ? null : toString();
    }

    /** Saves to this place. */
    CheckpointReport take(Checkpoint checkpoint) throws IOException {
        return object != null ? checkpoint.writeTo(store(object))
                : isStream() || file == null ? checkpoint.streamTo(Subcommand.STANDARD_OUTPUT) : checkpoint.writeTo(file);
    }

    /** Returns this place as a target for what no process is asked for. */
    ImageTarget target() {
        return object != null ? ImageTarget.store(store(object))
                : isStream() || file == null ? ImageTarget.descriptor(Subcommand.STANDARD_OUTPUT) : ImageTarget.path(file, Durability.MEDIUM);
    }

    /** Returns a restore from this place. */
    Restore restore() throws IOException {
        // Noted now, where it was not before: a JVM whose standard input is closed has opened a file of its own there.
        if (isStream() && !InheritedDescriptors.note().fds().contains(Subcommand.STANDARD_INPUT)) {
            throw new UsageException("standard input is closed, from which the image was to come");
        }
        return object != null ? Restore.from(store(object))
                : isStream() || file == null ? Restore.fromStream(Subcommand.STANDARD_INPUT) : Restore.from(file);
    }

    private static ImageStore store(S3Location object) {
        return S3Store.at(object.uri());
    }

    @Override
    public String toString() {
        return String.valueOf(object != null ? object : file);
    }
}
