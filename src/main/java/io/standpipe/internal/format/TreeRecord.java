// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import io.standpipe.Image;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * TREE: how many processes the image holds; one BUFFER with an entry for each follows.
 *
 * <pre>
 *   8  u32 nr_tasks
 * </pre>
 */
public record TreeRecord(int tasks) implements ImageRecord {

    /** More processes than this are refused, so that a hostile image cannot make a reader allocate for them. */
    public static final int MAX_TASKS = 65_536;

    static final int LENGTH = 16;
    static final int TASKS_OFFSET = 8;

    /** s32 vpid, vppid, vtgid, vpgid, vsid; u32 depth. */
    static final int ENTRY_LENGTH = 24;

    @Override
    public RecordType type() {
        return RecordType.TREE;
    }

    @Override
    public int lengthBytes() {
        return LENGTH;
    }

    @Override
    public void encodeBody(RecordFields fields) {
        fields.putInt(TASKS_OFFSET, tasks);
    }

    static TreeRecord decode(RecordReader record) throws MalformedImageException {
        record.expectLength(LENGTH);
        int tasks = record.s32(TASKS_OFFSET);
        if (tasks < 1 || tasks > MAX_TASKS) {
            throw record.malformed("nr_tasks", Integer.toUnsignedString(tasks), "1 to " + MAX_TASKS);
        }
        return new TreeRecord(tasks);
    }

    /** Returns the BUFFER that follows TREE. */
    public static SmallRecords.Buffer entries(List<Image.Task> tasks) {
        ByteBuffer bytes = ByteBuffer.allocate(tasks.size() * ENTRY_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        for (Image.Task task : tasks) {
            bytes.putInt(task.pid()).putInt(task.parentPid()).putInt(task.threadGroup());
            bytes.putInt(task.processGroup()).putInt(task.session()).putInt(task.depth());
        }
        return new SmallRecords.Buffer(bytes.array());
    }

    static List<Image.Task> decodeEntries(RecordReader record, int count) throws MalformedImageException {
        record.expectLength(HEADER_LENGTH + count * ENTRY_LENGTH);
        List<Image.Task> tasks = new ArrayList<>(count);
        Set<Integer> pids = new HashSet<>();
        for (int i = 0; i < count; i++) {
            int at = HEADER_LENGTH + i * ENTRY_LENGTH;
            if (!pids.add(record.s32(at))) {
                throw record.malformed("vpid", Integer.toString(record.s32(at)), "a number that no other process has");
            }
            tasks.add(new Image.Task(
                    record.positive(at, "vpid"), record.s32(at + 4), record.s32(at + 8), record.s32(at + 12),
                    record.s32(at + 16), record.s32(at + 20)));
        }
        return tasks;
    }
}
