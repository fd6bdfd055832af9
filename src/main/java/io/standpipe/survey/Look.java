// SPDX-License-Identifier: Apache-2.0
package io.standpipe.survey;

import io.standpipe.bridge.BpfCalls;
import io.standpipe.bridge.ErrnoException;
import io.standpipe.bridge.Fd;
import io.standpipe.bridge.NativeMemory;
import java.nio.ByteBuffer;

/** Looks, by one call, whether a descriptor and its pipe are still as a survey has them. Holds a descriptor until it is closed. */
public final class Look implements AutoCloseable {

    private static final SpareProgram SPARE = new SpareProgram();

    private final NativeMemory answer = NativeMemory.nativeOrder(LookProgram.LENGTH);
    private final KernelLayout kernel;
    private Fd program;
    private final NativeMemory order;

    private Look(KernelLayout kernel, Fd program) {
        this.kernel = kernel;
        this.program = program;
        order = BpfCalls.order(program, answer);
    }

    /** @param kernel one that can cast */
    static Look open(KernelLayout kernel) throws ErrnoException {
        Fd spare = SPARE.take(kernel);
        return new Look(
                kernel,
                spare != null ? spare : BpfCalls.callableProgram(LookProgram.of(kernel), SurveyProgram.LICENSE));
    }

    /** Closes what is kept for the next one. */
    static void letGo() {
        SPARE.letGo();
    }

    /** Looks at a descriptor; what there is to tell of it is asked for after that. */
    public void at(int number) throws ErrnoException {
        answer.buffer().putInt(LookProgram.NUMBER, number);
        BpfCalls.run(order);
    }

    /** Whether what was looked at is the open file description that a survey has. */
    public boolean isSameDescription(Survey survey, int place) {
        return answer.buffer().getLong(LookProgram.DESCRIPTION) == survey.description(place);
    }

    /** Whether the pipe that was looked at has what a survey has, of a description that can read; nothing has happened to it then. */
    public boolean isSameContent(Survey survey, int place) {
        ByteBuffer now = answer.buffer();
        int slots = survey.slots(place);
        return now.getInt(LookProgram.HEAD) == survey.head(place)
                && now.getInt(LookProgram.TAIL) == survey.tail(place)
                && (slots == 0
                        || now.getInt(LookProgram.FIRST_OFFSET) == survey.offset(place, 0)
                                && now.getInt(LookProgram.FIRST_LENGTH) == survey.lengthBytes(place, 0)
                                && now.getInt(LookProgram.LAST_OFFSET) == survey.offset(place, slots - 1)
                                && now.getInt(LookProgram.LAST_LENGTH) == survey.lengthBytes(place, slots - 1));
    }

    @Override
    public void close() {
        SPARE.giveBack(kernel, program);
        program = null;
    }
}
