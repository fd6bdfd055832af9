// SPDX-License-Identifier: Apache-2.0
package io.standpipe.survey;

import io.standpipe.bridge.DescriptorCalls;
import io.standpipe.bridge.Errno;
import io.standpipe.bridge.ErrnoException;
import io.standpipe.bridge.Fd;
import io.standpipe.bridge.FileCalls;
import io.standpipe.bridge.Flags;
import io.standpipe.bridge.NativeMemory;
import io.standpipe.bridge.PipeCalls;
import io.standpipe.bridge.ProcessCalls;
import io.standpipe.bridge.Stat;
import java.io.IOException;

/**
 * Surveys two pipes whose contents are known, and compares: a kernel that means something else by what it tells is found out here.
 * One holds a page and a rest, of which some was read, in slots that go over the end of its ring; the other two packets.
 */
final class Trial {

    private static final int SLOTS = 4;
    private static final int REST = 100;
    private static final int READ = 10;
    private static final int FIRST_PACKET = 20;
    private static final int SECOND_PACKET = 30;

    private final int page = ProcessCalls.pageSizeBytes();
    private final NativeMemory memory = NativeMemory.nativeOrder(2 * page);
    private final KernelLayout kernel;

    Trial(KernelLayout kernel) {
        this.kernel = kernel;
    }

    /**
     * Does it.
     *
     * @return what a survey says of the file system of anonymous pipes
     * @throws IOException if it tells something else than what is there
     */
    long run() throws IOException {
        long stream = PipeCalls.pipe();
        try (Fd read = Fd.owning(PipeCalls.readEnd(stream)); Fd write = Fd.owning(PipeCalls.writeEnd(stream))) {
            long packets = PipeCalls.pipe();
            try (Fd readPackets = Fd.owning(PipeCalls.readEnd(packets));
                    Fd writePackets = Fd.owning(PipeCalls.writeEnd(packets));
                    Fd secondWriter = FileCalls.reopen(write.number(), Flags.O_WRONLY);
                    Surveyor surveyor = Surveyor.open(kernel, 0, ProcessCalls.thread())) {
                fillStream(read, write);
                fillPackets(writePackets);
                DescriptorCalls.setCloseOnExec(secondWriter.number(), false);
                giveAway(read);
                Survey survey = surveyor.take();
                checkStream(survey, place(survey, read), place(survey, write));
                checkPackets(survey, place(survey, readPackets), place(survey, writePackets));
                checkLook(surveyor, survey, read);
                checkIdentity(survey, read);
                checkIdentity(survey, writePackets);
                checkIdentity(survey, secondWriter);
                expect(
                        "file systems",
                        survey.fileSystem(place(survey, readPackets)) == survey.fileSystem(place(survey, write)), true);
                return survey.fileSystem(place(survey, read));
            }
        }
    }

    private void fillStream(Fd read, Fd write) throws IOException {
        PipeCalls.setCapacityBytes(write.number(), SLOTS * page);
        for (int i = 1; i < SLOTS; i++) {
            FileCalls.write(write.number(), memory, 0, page);
            PipeCalls.read(read.number(), memory, 0, page);
        }
        FileCalls.write(write.number(), memory, 0, page + REST);
        PipeCalls.read(read.number(), memory, 0, READ);
    }

    private void fillPackets(Fd write) throws IOException {
        DescriptorCalls.setStatusFlags(write.number(), Flags.oDirect() | Flags.O_NONBLOCK);
        DescriptorCalls.setSignal(write.number(), 1);
        FileCalls.write(write.number(), memory, 0, FIRST_PACKET);
        FileCalls.write(write.number(), memory, 0, SECOND_PACKET);
    }

    /** So that its owner and group are not both 0; whoever may not do that is hardly user 0. */
    private static void giveAway(Fd end) throws IOException {
        try {
            DescriptorCalls.setInodeOwner(end.number(), 1, 2);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EPERM && e.errno() != Errno.EINVAL) {
                throw e;
            }
        }
    }

    private static int place(Survey survey, Fd end) throws IOException {
        int place = survey.find(end.number());
        if (place < 0) {
            throw new IOException("a survey tells nothing of a pipe");
        }
        return place;
    }

    private void checkStream(Survey survey, int read, int write) throws IOException {
        expect("slots", survey.slots(read), 2);
        expect("length of a slot", survey.lengthBytes(read, 0), page - READ);
        expect("end of a slot", survey.endBytes(read, 0, page), 0);
        expect("length of the last slot", survey.lengthBytes(read, 1), REST);
        expect("end of the last slot", survey.endBytes(read, 1, page), REST);
        expect("packet", survey.isPacket(read, 1), false);
        expect("most slots", survey.mostSlots(read), SLOTS);
        expect("writers", survey.writers(read), 2);
        expect("owner", survey.hasOwner(read), false);
        expect("notification pipe", survey.isNotificationPipe(read), false);
        expect("slots of a write end", survey.slots(write), -1);
        expect("same description", survey.description(read) == survey.description(write), false);
    }

    private void checkPackets(Survey survey, int read, int write) throws IOException {
        expect("slots", survey.slots(read), 2);
        expect("packet", survey.isPacket(read, 0), true);
        expect("length of a packet", survey.lengthBytes(read, 0), FIRST_PACKET);
        expect("length of the last packet", survey.lengthBytes(read, 1), SECOND_PACKET);
        expect("end of a packet", survey.endBytes(read, 1, page), 0);
        expect("owner", survey.hasOwner(write), true);
    }

    private static void checkLook(Surveyor surveyor, Survey survey, Fd read) throws IOException {
        try (Look look = surveyor.look()) {
            if (look != null) {
                look.at(read.number());
                expect("another look", look.isSameDescription(survey, place(survey, read)), true);
                expect("another look", look.isSameContent(survey, place(survey, read)), true);
            }
        }
    }

    private static void checkIdentity(Survey survey, Fd end) throws IOException {
        int place = place(survey, end);
        Stat stat = new Stat().read(end.number());
        expect("st_ino", survey.ino(place), stat.ino());
        expect("mode", survey.mode(place), stat.mode());
        expect("uid", survey.uid(place), stat.uid());
        expect("gid", survey.gid(place), stat.gid());
        expect("flags", survey.statusFlags(place), DescriptorCalls.statusFlags(end.number()));
        expect("FD_CLOEXEC", survey.isCloseOnExec(place), DescriptorCalls.isCloseOnExec(end.number()));
    }

    private static void expect(String what, Object found, Object expected) throws IOException {
        if (!found.equals(expected)) {
            throw new IOException("a survey tells " + what + " " + found + " of a pipe, expected " + expected);
        }
    }
}
