// SPDX-License-Identifier: Apache-2.0
package io.standpipe.survey;

import static io.standpipe.survey.BpfCode.ALWAYS;
import static io.standpipe.survey.BpfCode.AND;
import static io.standpipe.survey.BpfCode.BYTES_2;
import static io.standpipe.survey.BpfCode.BYTES_4;
import static io.standpipe.survey.BpfCode.BYTES_8;
import static io.standpipe.survey.BpfCode.IF_EQUAL;
import static io.standpipe.survey.BpfCode.IF_GREATER;
import static io.standpipe.survey.BpfCode.IF_NOT_EQUAL;
import static io.standpipe.survey.BpfCode.MINUS;
import static io.standpipe.survey.BpfCode.OR;
import static io.standpipe.survey.BpfCode.PLUS;
import static io.standpipe.survey.BpfCode.SHIFT_RIGHT;
import static io.standpipe.survey.BpfCode.TIMES;

import java.nio.ByteBuffer;

/**
 * The program that the kernel runs for each descriptor of a thread: of a pipe it tells what {@link SurveyRecord} has, of
 * anything else nothing. It reads and changes nothing. This file is offered under the GPL too, since the kernel demands it of
 * programs that look at its structures.
 */
final class SurveyProgram {

    /** Under what the program is offered, in the kernel's words. */
    static final String LICENSE = "GPL";

    /** Slots of a larger ring are not told. */
    static final int MOST_SLOTS = 256;

    private static final int PROBE_READ_KERNEL = 113;
    private static final int SEQ_WRITE = 127;

    private static final int TYPE_BITS = 0xF000;
    private static final int TYPE_FIFO = 0x1000;
    private static final int ACCESS_MODE_BITS = 3;
    private static final int WRITE_ONLY = 1;

    private static final int CONTEXT = 6;
    private static final int FILE = 7;
    private static final int INODE = 8;
    private static final int RECORD = 9;
    private static final int STACK = 10;
    private static final int OUTPUT = -8;
    private static final int RING = -16;
    private static final int PIPE = INODE;
    private static final int SLOTS = FILE;
    private static final int FIRST_PART = INODE;

    private final BpfCode code = new BpfCode();
    private final KernelLayout kernel;

    private SurveyProgram(KernelLayout kernel) {
        this.kernel = kernel;
    }

    /** How much memory the program puts a record together in. */
    static int memoryBytes(KernelLayout kernel) {
        // Twice the slots: the verifier knows of either part of a ring only that it is not longer.
        return SurveyRecord.SLOTS + 2 * MOST_SLOTS * kernel.slotSize;
    }

    /**
     * The instructions.
     *
     * @param memory the descriptor of a map with one value, of so many bytes
     */
    static ByteBuffer of(KernelLayout kernel, int memory) {
        return new SurveyProgram(kernel).build(memory);
    }

    private ByteBuffer build(int memory) {
        code.move(CONTEXT, 1);
        // Here, and not where it is of use: there the verifier comes by many ways, and looks up its type each time.
        code.load(BYTES_8, 1, CONTEXT, kernel.contextMeta);
        code.load(BYTES_8, 1, 1, kernel.metaOutput);
        code.store(BYTES_8, STACK, OUTPUT, 1);
        code.load(BYTES_8, 1, CONTEXT, kernel.contextFile);
        int noFile = code.jump(IF_EQUAL, 1, 0);
        cast(FILE, kernel.file);
        code.load(BYTES_8, INODE, FILE, kernel.fileInode);
        code.load(BYTES_2, 1, INODE, kernel.inodeMode);
        code.move(2, 1);
        code.calculate(AND, 1, TYPE_BITS);
        int noPipe = code.jump(IF_NOT_EQUAL, 1, TYPE_FIFO);
        code.loadMapValue(RECORD, memory);
        code.store(BYTES_4, RECORD, SurveyRecord.MODE, 2);
        descriptor();
        description();
        inode();
        pipe();
        slots();
        code.land(noFile);
        code.land(noPipe);
        code.set(0, 0);
        code.exit();
        return code.finished();
    }

    /**
     * Takes what is in 1 for a pointer to a structure that may be read and no more. The verifier would allow as much anyway, but looks
     * for other names in all that the kernel tells of its types first, at each pointer that is followed.
     */
    private void cast(int to, int struct) {
        if (kernel.cast < 0) {
            code.move(to, 1);
        } else {
            code.set(2, struct);
            code.callByType(kernel.cast);
            code.move(to, 0);
        }
    }

    /** Its number, and the word of the table that has its bit of FD_CLOEXEC. */
    private void descriptor() {
        code.set(1, 0);
        code.store(BYTES_8, RECORD, SurveyRecord.CLOSE_ON_EXEC, 1);
        code.load(BYTES_8, 1, CONTEXT, kernel.contextTask);
        int noTask = code.jump(IF_EQUAL, 1, 0);
        cast(2, kernel.task);
        code.load(BYTES_8, 2, 2, kernel.taskFiles);
        code.load(BYTES_8, 2, 2, kernel.filesTable);
        code.load(BYTES_8, 3, 2, kernel.tableCloseOnExec);
        code.load(BYTES_4, 1, CONTEXT, kernel.contextNumber);
        code.store(BYTES_4, RECORD, SurveyRecord.NUMBER, 1);
        code.calculate(SHIFT_RIGHT, 1, 6);
        code.calculate(TIMES, 1, Long.BYTES);
        code.calculateWith(PLUS, 3, 1);
        code.move(1, RECORD);
        code.calculate(PLUS, 1, SurveyRecord.CLOSE_ON_EXEC);
        code.set(2, Long.BYTES);
        code.call(PROBE_READ_KERNEL);
        code.land(noTask);
    }

    private void description() {
        code.store(BYTES_8, RECORD, SurveyRecord.DESCRIPTION, FILE);
        copy(BYTES_4, FILE, kernel.fileFlags, SurveyRecord.FLAGS);
        code.load(BYTES_8, 1, FILE, kernel.fileOwner);
        if (kernel.fileSignal != kernel.fileOwner) {
            code.load(BYTES_4, 2, FILE, kernel.fileSignal);
            code.calculateWith(OR, 1, 2);
        }
        code.store(BYTES_8, RECORD, SurveyRecord.OWNER, 1);
    }

    private void inode() {
        copy(BYTES_8, INODE, kernel.inodeNumber, SurveyRecord.INODE);
        copy(BYTES_4, INODE, kernel.inodeUid, SurveyRecord.UID);
        copy(BYTES_4, INODE, kernel.inodeGid, SurveyRecord.GID);
        copy(BYTES_8, INODE, kernel.inodeFileSystem, SurveyRecord.FILE_SYSTEM);
    }

    /** Leaves the pipe in its register, in place of the inode. */
    private void pipe() {
        code.load(BYTES_8, PIPE, INODE, kernel.inodePipe);
        copy(BYTES_4, PIPE, kernel.pipeHead, SurveyRecord.HEAD);
        copy(BYTES_4, PIPE, kernel.pipeTail, SurveyRecord.TAIL);
        copy(BYTES_4, PIPE, kernel.pipeRingSize, SurveyRecord.RING_SIZE);
        copy(BYTES_4, PIPE, kernel.pipeMostSlots, SurveyRecord.MOST_SLOTS);
        copy(BYTES_4, PIPE, kernel.pipeWriters, SurveyRecord.WRITERS);
        if (kernel.pipeWatchQueue < 0) {
            code.set(1, 0);
        } else {
            code.load(BYTES_8, 1, PIPE, kernel.pipeWatchQueue);
        }
        code.store(BYTES_8, RECORD, SurveyRecord.WATCH_QUEUE, 1);
    }

    /** The slots in use of a readable description, from the first to the last, and then the record is told. */
    private void slots() {
        code.set(1, 0);
        code.store(BYTES_4, RECORD, SurveyRecord.SLOTS_TOLD, 1);
        code.load(BYTES_4, 1, RECORD, SurveyRecord.FLAGS);
        code.calculate(AND, 1, ACCESS_MODE_BITS);
        int writeEnd = code.jump(IF_EQUAL, 1, WRITE_ONLY);
        code.load(BYTES_4, SLOTS, RECORD, SurveyRecord.HEAD);
        code.load(BYTES_4, 2, RECORD, SurveyRecord.TAIL);
        code.calculateWith(MINUS, SLOTS, 2);
        int none = code.jump(IF_EQUAL, SLOTS, 0);
        int tooMany = code.jump(IF_GREATER, SLOTS, MOST_SLOTS);
        code.store(BYTES_4, RECORD, SurveyRecord.SLOTS_TOLD, SLOTS);
        code.load(BYTES_8, 3, PIPE, kernel.pipeRing);
        code.store(BYTES_8, STACK, RING, 3);
        // The ring may be used over its end: then the slots are in two parts.
        code.load(BYTES_4, 1, RECORD, SurveyRecord.RING_SIZE);
        code.move(4, 1);
        code.calculate(MINUS, 4, 1);
        code.calculateWith(AND, 2, 4);
        code.calculateWith(MINUS, 1, 2);
        code.move(FIRST_PART, SLOTS);
        int inOnePart = code.jumpWith(IF_GREATER, 1, SLOTS);
        code.move(FIRST_PART, 1);
        code.land(inOnePart);
        int odd = code.jump(IF_GREATER, FIRST_PART, MOST_SLOTS);
        code.calculateWith(MINUS, SLOTS, FIRST_PART);
        int oddToo = code.jump(IF_GREATER, SLOTS, MOST_SLOTS);
        code.calculate(TIMES, FIRST_PART, kernel.slotSize);
        code.calculate(TIMES, SLOTS, kernel.slotSize);
        code.calculate(TIMES, 2, kernel.slotSize);
        code.calculateWith(PLUS, 3, 2);
        code.move(1, RECORD);
        code.calculate(PLUS, 1, SurveyRecord.SLOTS);
        code.move(2, FIRST_PART);
        code.call(PROBE_READ_KERNEL);
        int nothingMore = code.jump(IF_EQUAL, SLOTS, 0);
        code.load(BYTES_8, 3, STACK, RING);
        code.move(1, RECORD);
        code.calculate(PLUS, 1, SurveyRecord.SLOTS);
        code.calculateWith(PLUS, 1, FIRST_PART);
        code.move(2, SLOTS);
        code.call(PROBE_READ_KERNEL);
        code.land(nothingMore);
        code.calculateWith(PLUS, FIRST_PART, SLOTS);
        int told = code.jump(ALWAYS, 0, 0);
        code.land(writeEnd);
        code.land(none);
        code.land(tooMany);
        code.land(odd);
        code.land(oddToo);
        code.set(FIRST_PART, 0);
        code.land(told);
        tell(FIRST_PART);
    }

    /** Lets the record go out. */
    private void tell(int slotBytes) {
        code.load(BYTES_8, 1, STACK, OUTPUT);
        code.move(2, RECORD);
        code.move(3, slotBytes);
        code.calculate(PLUS, 3, SurveyRecord.SLOTS);
        code.store(BYTES_4, RECORD, SurveyRecord.LENGTH, 3);
        code.call(SEQ_WRITE);
    }

    private void copy(int size, int from, int offset, int to) {
        code.load(size, 1, from, offset);
        code.store(size, RECORD, to, 1);
    }
}
