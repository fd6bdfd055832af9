// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import io.standpipe.Image;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * FILE: an open file description ("c/r" v18 46/80, {@code ckpt_hdr_file_pipe}). The fields not named here are 0.
 *
 * <pre>
 *   8  u32 f_type        PIPE 2, FIFO 3; the series' own images have others
 *  12  u32 f_mode        FMODE_READ 1, FMODE_WRITE 2; higher bits are the kernel's own
 *  16  u32 f_flags       as F_GETFL tells them
 *  20  s32 f_credref
 *  24  u64 f_pos
 *  32  u64 f_version     not 0: reads a FIFO and has met no writer since it was opened
 *  40  s32 f_secref
 *  48  s32 pipe_objref   the pipe's inode; at 40 in the series' oldest images, which have no f_secref
 * </pre>
 */
public record FileRecord(int fileType, int mode, int flags, long version, int pipeObjref) implements ImageRecord {

    public static final int TYPE_PIPE = 2;
    public static final int TYPE_FIFO = 3;
    public static final int MODE_READ = 1;
    public static final int MODE_WRITE = 2;

    private static final int FILE_TYPE_OFFSET = 8;
    private static final int MODE_OFFSET = 12;
    private static final int FLAGS_OFFSET = 16;
    private static final int VERSION_OFFSET = 32;
    private static final int PIPE_OBJREF_OFFSET = 48;

    private static final List<Image.OtherFile> FILES_FROM_SOCKET_ON =
            List.of(Image.OtherFile.SOCKET, Image.OtherFile.TERMINAL, Image.OtherFile.EPOLL, Image.OtherFile.EVENTFD);
    private static final int TYPE_GENERIC = 1;
    private static final int TYPE_SOCKET = 4;

    private static final int ACCESS_MODE = 3;

    /** Returns the record of an open file description. */
    public static FileRecord of(Image.Description description) {
        int flags = description.flags();
        return new FileRecord(
                description.isFifo() ? TYPE_FIFO : TYPE_PIPE, modeOf(flags), flags, description.metNoWriter() ? 1 : 0,
                description.pipeObjref());
    }

    /** Returns whether the description is of a FIFO. */
    boolean isFifo() {
        return fileType == TYPE_FIFO;
    }

    private static int modeOf(int flags) {
        return (flags & ACCESS_MODE) + 1;
    }

    @Override
    public void encode(ImageWriter to) throws IOException {
        to.begin(RecordType.FILE);
        to.putInts(FILE_TYPE_OFFSET, fileType, mode);
        to.putInt(FLAGS_OFFSET, flags);
        to.putLong(VERSION_OFFSET, version);
        to.putInt(PIPE_OBJREF_OFFSET, pipeObjref);
    }

    /** Returns what the file is if it is no pipe and no FIFO; null if it is one. */
    static Image.@Nullable OtherFile otherFile(RecordCursor record) throws MalformedImageException {
        record.expectAtLeast(record.layout().fileLength());
        int fileType = record.s32(FILE_TYPE_OFFSET);
        if (fileType == TYPE_PIPE || fileType == TYPE_FIFO) {
            return null;
        }
        int index = fileType - TYPE_SOCKET;
        if (fileType != TYPE_GENERIC && (index < 0 || index >= FILES_FROM_SOCKET_ON.size())) {
            throw record.malformed("f_type", Integer.toUnsignedString(fileType),
                    "1 to 7, of which 2 (PIPE) and 3 (FIFO) are restored");
        }
        return fileType == TYPE_GENERIC ? Image.OtherFile.FILE : FILES_FROM_SOCKET_ON.get(index);
    }

    /** Decodes the FILE of a pipe or FIFO. */
    static FileRecord decode(RecordCursor record) throws MalformedImageException {
        int common = record.layout().fileLength();
        record.expectLength(common + Long.BYTES);
        int fileType = record.s32(FILE_TYPE_OFFSET);
        int mode = record.s32(MODE_OFFSET);
        int flags = record.s32(FLAGS_OFFSET);
        if ((flags & ACCESS_MODE) == ACCESS_MODE) {
            throw record.malformed("access mode of f_flags", "3", "0 (O_RDONLY), 1 (O_WRONLY) or 2 (O_RDWR)");
        }
        record.expectInt("f_mode, read and write bits", mode & (MODE_READ | MODE_WRITE), modeOf(flags));
        long version = record.s64(VERSION_OFFSET);
        if (version != 0 && (fileType != TYPE_FIFO || (flags & ACCESS_MODE) != 0)) {
            throw record.malformed("f_version", Long.toUnsignedString(version), "0 for what does not only read a FIFO");
        }
        return new FileRecord(fileType, mode, flags, version, record.positive(common, "pipe_objref"));
    }
}
