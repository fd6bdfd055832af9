// SPDX-License-Identifier: Apache-2.0
package io.standpipe.survey;

import java.nio.ByteBuffer;

/**
 * What the kernel had for the pipes of a process, each as of the moment at which its turn came. Descriptors are told by their place
 * in the survey, from {@link #find}. For one thread.
 */
public final class Survey {

    private final ByteBuffer records;
    private final SurveyMemory memory;
    private final KernelLayout kernel;
    private final long pipeFileSystem;
    /** Behind the one that was found last: they are asked for in their order, all of them or read ends alone. */
    private int next;

    /**
     * @param memory has all that the program told, and a way to none of it yet
     * @param lengthBytes of what it told
     * @param pipeFileSystem what {@link #fileSystem} says of an anonymous pipe
     */
    Survey(SurveyMemory memory, int lengthBytes, KernelLayout kernel, long pipeFileSystem) {
        records = memory.told(lengthBytes);
        this.memory = memory;
        this.kernel = kernel;
        this.pipeFileSystem = pipeFileSystem;
        for (int at = 0; at < lengthBytes; at += records.getInt(at + SurveyRecord.LENGTH)) {
            memory.note(records.getInt(at + SurveyRecord.NUMBER), at);
        }
    }

    /** Where a descriptor is told of; less than 0 if it is no pipe, or not open. */
    public int find(int number) {
        int at = memory.is(next, number) ? next : memory.is(next + 1, number) ? next + 1 : memory.find(number);
        if (at < 0) {
            return -1;
        }
        next = at + 1;
        return memory.place(at);
    }

    /** How many descriptors it tells of. */
    public int descriptors() {
        return memory.count();
    }

    /** The number of one of them; they are in ascending order. */
    public int number(int index) {
        return memory.number(index);
    }

    /** Whether two surveys tell the same of a descriptor: then nothing has happened to it and its pipe in between. */
    public boolean isSame(int place, Survey other, int otherPlace) {
        return isSameEnd(place, other, otherPlace)
                && writers(place) == other.writers(otherPlace)
                && head(place) == other.head(otherPlace)
                && tail(place) == other.tail(otherPlace)
                && isSameInSlots(place, other, otherPlace);
    }

    /** Whether they tell the same of a descriptor, whatever was read and written meanwhile, and whoever else has the pipe. */
    public boolean isSameEnd(int place, Survey other, int otherPlace) {
        return description(place) == other.description(otherPlace)
                && isCloseOnExec(place) == other.isCloseOnExec(otherPlace)
                && statusFlags(place) == other.statusFlags(otherPlace)
                && hasOwner(place) == other.hasOwner(otherPlace)
                && ino(place) == other.ino(otherPlace)
                && fileSystem(place) == other.fileSystem(otherPlace)
                && mode(place) == other.mode(otherPlace)
                && uid(place) == other.uid(otherPlace)
                && gid(place) == other.gid(otherPlace)
                && mostSlots(place) == other.mostSlots(otherPlace);
    }

    /** Of pipes whose ends are where they were: a slot's bytes move on when some are read, and grow when some are written. */
    private boolean isSameInSlots(int place, Survey other, int otherPlace) {
        for (int slot = 0; slot < slots(place); slot++) {
            int at = slot(place, slot);
            int otherAt = slot(otherPlace, slot);
            if (records.getInt(at + kernel.slotOffset) != other.records.getInt(otherAt + kernel.slotOffset)
                    || records.getInt(at + kernel.slotLength) != other.records.getInt(otherAt + kernel.slotLength)
                    || records.getInt(at + kernel.slotFlags) != other.records.getInt(otherAt + kernel.slotFlags)) {
                return false;
            }
        }
        return true;
    }

    /** Who its open file description is: another one has another number here while both are open. */
    public long description(int place) {
        return records.getLong(place + SurveyRecord.DESCRIPTION);
    }

    /** As fcntl(F_GETFL) tells them. */
    public int statusFlags(int place) {
        return records.getInt(place + SurveyRecord.FLAGS);
    }

    public boolean isCloseOnExec(int place) {
        int number = records.getInt(place + SurveyRecord.NUMBER);
        return (records.getLong(place + SurveyRecord.CLOSE_ON_EXEC) >>> number & 1) != 0;
    }

    /** Whether anybody is to get signals of the description, or may have been. */
    public boolean hasOwner(int place) {
        return records.getLong(place + SurveyRecord.OWNER) != 0;
    }

    /** Whether it is a pipe without a name, not a FIFO. */
    public boolean isAnonymous(int place) {
        return fileSystem(place) == pipeFileSystem;
    }

    /** What file system its pipe is on: another one has another number here. */
    long fileSystem(int place) {
        return records.getLong(place + SurveyRecord.FILE_SYSTEM);
    }

    /** As fstat tells st_ino. */
    public long ino(int place) {
        return records.getLong(place + SurveyRecord.INODE);
    }

    /** File type and permission bits. */
    public int mode(int place) {
        return records.getInt(place + SurveyRecord.MODE);
    }

    public int uid(int place) {
        return records.getInt(place + SurveyRecord.UID);
    }

    public int gid(int place) {
        return records.getInt(place + SurveyRecord.GID);
    }

    /** How many slots the pipe may use. */
    public int mostSlots(int place) {
        return records.getInt(place + SurveyRecord.MOST_SLOTS);
    }

    /** How many descriptions can write to the pipe. */
    public int writers(int place) {
        return records.getInt(place + SurveyRecord.WRITERS);
    }

    public boolean isNotificationPipe(int place) {
        return records.getLong(place + SurveyRecord.WATCH_QUEUE) != 0;
    }

    /** How many slots of the pipe are in use; less than 0 if the slots are not told: of a write end, and of very many. */
    public int slots(int place) {
        int used = head(place) - tail(place);
        return used == records.getInt(place + SurveyRecord.SLOTS_TOLD) ? used : -1;
    }

    /** How many bytes a slot has. */
    public int lengthBytes(int place, int slot) {
        return records.getInt(slot(place, slot) + kernel.slotLength);
    }

    /** Whether a read takes one slot and no more. */
    public boolean isPacket(int place, int slot) {
        return (records.getInt(slot(place, slot) + kernel.slotFlags) & SlotFlags.PACKET) != 0;
    }

    /** Where in its page a slot ends, if a write goes on there; 0 if none does. */
    public int endBytes(int place, int slot, int pageSizeBytes) {
        int at = slot(place, slot);
        int end = records.getInt(at + kernel.slotOffset) + records.getInt(at + kernel.slotLength);
        boolean merges = (records.getInt(at + kernel.slotFlags) & SlotFlags.CAN_MERGE) != 0;
        return merges && end < pageSizeBytes ? end : 0;
    }

    int head(int place) {
        return records.getInt(place + SurveyRecord.HEAD);
    }

    int tail(int place) {
        return records.getInt(place + SurveyRecord.TAIL);
    }

    /** Where in its page a slot begins. */
    int offset(int place, int slot) {
        return records.getInt(slot(place, slot) + kernel.slotOffset);
    }

    private int slot(int place, int slot) {
        return place + SurveyRecord.SLOTS + slot * kernel.slotSize;
    }
}
