// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.standpipe.ImageRefusedException;
import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Reasons;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What CRIU restores from: a directory with links to its images, in which a few are changed. Open file descriptions of pipes that
 * CRIU gets from Standpipe are entries of files with a path there: CRIU takes an inherited file of that kind as it is, while it opens an
 * inherited pipe anew for each description, which adds O_LARGEFILE, and takes no FIFO. The images themselves stay as they are.
 */
final class RestoreView {

    /** The directory below that of the images. */
    private static final String NAME = "standpipe-view";

    private static final String FILES = "files.img";
    private static final String TABLES = "fdinfo-";
    private static final String REMOVED_PATHS = "remap-fpath.img";
    private static final String IMAGES = "{*.img," + NamespacePids.FILE + "}";

    /** What stands before an id in the path that an entry gets. */
    private static final String PREFIX = "standpipe:";

    private static final int TYPE_PATH = 1;
    private static final int ENTRY_TYPE = 1;
    private static final int ENTRY_ID = 2;
    private static final int ENTRY_PATH = 3;
    private static final int ENTRY_FIFO = 17;
    private static final int FIFO_PATH_ID = 3;
    private static final int TABLE_FILE_ID = 1;
    private static final int TABLE_TYPE = 3;
    private static final int REMOVED_PATH_ID = 1;

    private final Path images;
    private final Path view;
    private final Set<Long> handed;
    private final Set<Long> fifoPaths = new HashSet<>();

    /** @param handed the ids of the entries that CRIU gets from Standpipe */
    RestoreView(Path images, Set<Long> handed) {
        this.images = images;
        this.handed = handed;
        view = images.resolve(NAME);
    }

    /** Returns whether a directory is one that was made here. */
    static boolean is(Path directory) {
        return directory.endsWith(NAME);
    }

    /** Returns the name by which CRIU is handed an entry: a path without its first slash. */
    static String key(long id) {
        return PREFIX + id;
    }

    /** Makes the directory, or makes one of an earlier restore anew. Returns its path. */
    Path make() throws StandpipeException {
        if (Files.notExists(images.resolve(FILES), LinkOption.NOFOLLOW_LINKS)) {
            throw new ImageRefusedException(images + ": there is no " + FILES + ", which CRIU has written since its version 3.0");
        }
        try {
            if (!Files.isDirectory(view, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(view, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            removeOld();
            findFifoPaths();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(images, IMAGES)) {
                for (Path entry : entries) {
                    add(entry);
                }
            }
            return view;
        } catch (IOException e) {
            throw e instanceof StandpipeException known ? known
                    : new StandpipeException(view + ", from which CRIU is to restore: " + Reasons.of(e), e);
        }
    }

    /** An image that is no longer there must not be found. */
    private void removeOld() throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(view)) {
            for (Path entry : entries) {
                if (Files.notExists(images.resolve(entry.getFileName()), LinkOption.NOFOLLOW_LINKS)) {
                    Files.delete(entry);
                }
            }
        }
    }

    /** The path of a FIFO is an entry of its own, which nothing refers to once the FIFO is handed over. */
    private void findFifoPaths() throws StandpipeException {
        new CriuFiles(images).forEach(FILES, CriuFileKind.FILES, entry -> {
            CriuMessage fifo = entry.messageOrNull(ENTRY_FIFO, "fifo");
            if (fifo != null && handed.contains(entry.u32(ENTRY_ID, "id"))) {
                fifoPaths.add(fifo.u32(FIFO_PATH_ID, "regf_id"));
            }
        });
    }

    private void add(Path image) throws IOException {
        String name = image.getFileName().toString();
        if (name.equals(FILES)) {
            rewrite(name, CriuFileKind.FILES, this::file);
        } else if (name.startsWith(TABLES)) {
            rewrite(name, CriuFileKind.DESCRIPTORS, this::descriptor);
        } else if (name.equals(REMOVED_PATHS)) {
            rewrite(name, CriuFileKind.REMOVED_PATHS, this::removedPath);
        } else {
            link(name);
        }
    }

    /** Returns what an entry becomes, or null if it is left out. */
    private interface Change {
        @Nullable UnknownFieldSet of(CriuMessage entry) throws StandpipeException;
    }

    private void rewrite(String name, CriuFileKind kind, Change change) throws IOException {
        CriuImageWriter written = new CriuImageWriter(kind);
        new CriuFiles(images).forEach(name, kind, entry -> {
            UnknownFieldSet changed = change.of(entry);
            if (changed != null) {
                written.write(changed);
            }
        });
        written.writeTo(view.resolve(name));
    }

    private @Nullable UnknownFieldSet file(CriuMessage entry) throws StandpipeException {
        long id = entry.u32(ENTRY_ID, "id");
        if (fifoPaths.contains(id)) {
            return null;
        }
        if (!handed.contains(id)) {
            return entry.fields();
        }
        UnknownFieldSet nobody = UnknownFieldSet.newBuilder()
                .addField(1, number(0)).addField(2, number(0)).addField(3, number(0)).addField(4, number(0)).addField(5, number(0)).build();
        UnknownFieldSet path = UnknownFieldSet.newBuilder()
                .addField(1, number(id))
                .addField(2, number(0)) // Flags: what is handed over has its own.
                .addField(3, number(0)) // The offset.
                .addField(5, bytes(nobody.toByteString())) // Who gets signals.
                .addField(6, bytes(ByteString.copyFromUtf8("/" + key(id))))
                .build();
        return UnknownFieldSet.newBuilder()
                .addField(ENTRY_TYPE, number(TYPE_PATH)).addField(ENTRY_ID, number(id))
                .addField(ENTRY_PATH, bytes(path.toByteString())).build();
    }

    private UnknownFieldSet descriptor(CriuMessage entry) throws StandpipeException {
        return handed.contains(entry.u32(TABLE_FILE_ID, "id"))
                ? entry.fields().toBuilder().addField(TABLE_TYPE, number(TYPE_PATH)).build() : entry.fields();
    }

    private @Nullable UnknownFieldSet removedPath(CriuMessage entry) throws StandpipeException {
        return fifoPaths.contains(entry.u32(REMOVED_PATH_ID, "orig_id")) ? null : entry.fields();
    }

    private static UnknownFieldSet.Field number(long value) {
        return UnknownFieldSet.Field.newBuilder().addVarint(value).build();
    }

    private static UnknownFieldSet.Field bytes(ByteString value) {
        return UnknownFieldSet.Field.newBuilder().addLengthDelimited(value).build();
    }

    private void link(String name) throws IOException {
        Path link = view.resolve(name);
        Path target = Path.of("..", name);
        if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) {
            return;
        }
        Path temporary = view.resolve(name + ".link");
        Files.deleteIfExists(temporary);
        Files.createSymbolicLink(temporary, target);
        Files.move(temporary, link, StandardCopyOption.ATOMIC_MOVE);
    }
}
