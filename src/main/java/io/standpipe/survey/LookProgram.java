// SPDX-License-Identifier: Apache-2.0
package io.standpipe.survey;

import static io.standpipe.survey.BpfCode.AND;
import static io.standpipe.survey.BpfCode.BYTES_2;
import static io.standpipe.survey.BpfCode.BYTES_4;
import static io.standpipe.survey.BpfCode.BYTES_8;
import static io.standpipe.survey.BpfCode.IF_EQUAL;
import static io.standpipe.survey.BpfCode.IF_NOT_EQUAL;
import static io.standpipe.survey.BpfCode.MINUS;
import static io.standpipe.survey.BpfCode.PLUS;
import static io.standpipe.survey.BpfCode.TIMES;

import java.nio.ByteBuffer;

/**
 * The program that tells of one descriptor of this process what shows whether anything has happened to its pipe: where the slots in use
 * begin and end, and where the bytes of the first and the last one do. It reads and changes nothing but what it was given to
 * answer in. This file is offered under the GPL too, for the reason that {@link SurveyProgram} has.
 */
final class LookProgram {

    /** What it was given to answer in, in bytes: first the descriptor's number, and then the answer, zeroes if there is no pipe. */
    static final int NUMBER = 0;

    static final int DESCRIPTION = 8;
    static final int HEAD = 16;
    static final int TAIL = 20;
    static final int FIRST_OFFSET = 24;
    static final int FIRST_LENGTH = 28;
    static final int LAST_OFFSET = 32;
    static final int LAST_LENGTH = 36;
    static final int LENGTH = 40;

    private static final int GET_CURRENT_TASK = 35;
    private static final int PROBE_READ_KERNEL = 113;

    private static final int TYPE_BITS = 0xF000;
    private static final int TYPE_FIFO = 0x1000;

    private static final int ANSWER = 6;
    private static final int FILE = 7;
    private static final int PIPE = 8;
    private static final int STACK = 10;
    private static final int WORD = -8;

    private final BpfCode code = new BpfCode();
    private final KernelLayout kernel;

    private LookProgram(KernelLayout kernel) {
        this.kernel = kernel;
    }

    /** The instructions; they take a kernel that can cast. */
    static ByteBuffer of(KernelLayout kernel) {
        return new LookProgram(kernel).build();
    }

    private ByteBuffer build() {
        code.move(ANSWER, 1);
        code.set(1, 0);
        for (int at = DESCRIPTION; at < LENGTH; at += Long.BYTES) {
            code.store(BYTES_8, ANSWER, at, 1);
        }
        file();
        int none = code.jump(IF_EQUAL, 1, 0);
        cast(FILE, kernel.file);
        code.load(BYTES_8, PIPE, FILE, kernel.fileInode);
        code.load(BYTES_2, 1, PIPE, kernel.inodeMode);
        code.calculate(AND, 1, TYPE_BITS);
        int noPipe = code.jump(IF_NOT_EQUAL, 1, TYPE_FIFO);
        code.load(BYTES_8, PIPE, PIPE, kernel.inodePipe);
        code.store(BYTES_8, ANSWER, DESCRIPTION, FILE);
        code.load(BYTES_4, 2, PIPE, kernel.pipeHead);
        code.store(BYTES_4, ANSWER, HEAD, 2);
        code.load(BYTES_4, 1, PIPE, kernel.pipeTail);
        code.store(BYTES_4, ANSWER, TAIL, 1);
        slot(FIRST_OFFSET, FIRST_LENGTH);
        code.load(BYTES_4, 1, ANSWER, HEAD);
        code.calculate(PLUS, 1, -1);
        slot(LAST_OFFSET, LAST_LENGTH);
        code.land(none);
        code.land(noPipe);
        code.set(0, 0);
        code.exit();
        return code.finished();
    }

    /** Leaves the descriptor's file in 1. */
    private void file() {
        code.call(GET_CURRENT_TASK);
        code.move(1, 0);
        cast(1, kernel.task);
        code.load(BYTES_8, 1, 1, kernel.taskFiles);
        code.load(BYTES_8, 1, 1, kernel.filesTable);
        code.load(BYTES_8, 3, 1, kernel.tableFiles);
        code.load(BYTES_4, 1, ANSWER, NUMBER);
        code.calculate(TIMES, 1, Long.BYTES);
        code.calculateWith(PLUS, 3, 1);
        code.move(1, STACK);
        code.calculate(PLUS, 1, WORD);
        code.set(2, Long.BYTES);
        code.call(PROBE_READ_KERNEL);
        code.load(BYTES_8, 1, STACK, WORD);
    }

    /** Tells of the slot at the place of the ring that is in 1. */
    private void slot(int offsetAt, int lengthAt) {
        code.load(BYTES_4, 2, PIPE, kernel.pipeRingSize);
        code.calculate(MINUS, 2, 1);
        code.calculateWith(AND, 1, 2);
        code.calculate(AND, 1, Integer.MAX_VALUE); // Which it is anyway, but the verifier does not know.
        code.calculate(TIMES, 1, kernel.slotSize);
        code.load(BYTES_8, FILE, PIPE, kernel.pipeRing);
        code.calculateWith(PLUS, FILE, 1);
        word(FILE, kernel.slotOffset, offsetAt);
        word(FILE, kernel.slotLength, lengthAt);
    }

    private void word(int address, int offset, int answerAt) {
        code.move(3, address);
        code.calculate(PLUS, 3, offset);
        code.move(1, STACK);
        code.calculate(PLUS, 1, WORD);
        code.set(2, Integer.BYTES);
        code.call(PROBE_READ_KERNEL);
        code.load(BYTES_4, 1, STACK, WORD);
        code.store(BYTES_4, ANSWER, answerAt, 1);
    }

    private void cast(int to, int struct) {
        code.set(2, struct);
        code.callByType(kernel.cast);
        code.move(to, 0);
    }
}
