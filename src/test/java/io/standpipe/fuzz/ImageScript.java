// SPDX-License-Identifier: Apache-2.0
package io.standpipe.fuzz;

import io.standpipe.testkit.RecordWalk;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Builds an image record by record, as bytes say: usual records in the usual order, but where a byte asks for another number,
 * another length, a record too many or one too few. Shares no code with the writer.
 */
final class ImageScript {

    private static final int MOST_BYTES = 1 << 20;
    /** A heading of images that say what their processes were. */
    private static final int WITH_PROGRAMS = 199;
    private static final int[] PAYLOADS = {5, 0, 1, 300, 4096, 4097, 8192, 12_388, 65_536};
    private static final String[] PATHS = {
        "/f", "/g", "/sub/f", "/..", "/../f", "/./f", "//f", "f", "/", "/f/", "/dev/null", "/f\u202e\u0007", "/proc/self/fd/0"
    };

    private final Choices choices;
    private final ByteArrayOutputStream image = new ByteArrayOutputStream();
    private final List<Integer> descriptions = new ArrayList<>();
    private final List<Integer> pipes = new ArrayList<>();
    private final List<Integer> tables = new ArrayList<>();
    private int objrefs;

    private ImageScript(Choices choices) {
        this.choices = choices;
    }

    static byte[] build(byte[] script) {
        Choices choices = new Choices(script);
        boolean digestAsBuilt = choices.next() == 255;
        ImageScript built = new ImageScript(choices);
        built.all();
        byte[] image = built.image.toByteArray();
        return digestAsBuilt ? image : RecordWalk.withDigest(image);
    }

    private void all() {
        int heading = choices.next();
        boolean info = heading < 200;
        boolean programs = heading == WITH_PROGRAMS;
        header();
        for (int i = 0; i < 3; i++) {
            record(4, text("6.8.12", choices.integer(65)));
        }
        if (info) {
            info();
        }
        int processes = 1 + choices.upTo(7);
        record(102, ints(choices.integer(processes), 0));
        ByteBuffer entries = body(24 * processes);
        for (int i = 0; i < processes; i++) {
            int pid = choices.integer(100 + i);
            entries.putInt(pid).putInt(1).putInt(pid).putInt(pid).putInt(1).putInt(0);
        }
        record(4, entries.array());
        for (int i = 0; i < processes; i++) {
            if (programs && !choices.yes()) {
                program(100 + i);
            }
            process();
        }
        if (info) {
            record(RecordWalk.DIGEST, new byte[16]);
        }
        record(9001, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(choices.number(0x002d2a0cc0deef00L)).array());
        image.writeBytes(choices.bytes(choices.upTo(3) == 1 ? 4 : 0));
    }

    private void header() {
        record(1, body(64).putLong(choices.number(0x00feed0cc0a2d200L))
                .putShort((short) 2).putShort((short) 6).putShort((short) 8).putShort((short) 12)
                .putShort((short) choices.integer(6)).position(34)
                .putShort((short) choices.integer(65)).putShort((short) choices.integer(65))
                .putShort((short) choices.integer(65)).position(48)
                .putLong(choices.number(1_700_000_000L)).putLong(0).array());
    }

    private void info() {
        ByteBuffer info = body(56).putInt(choices.integer(2)).putInt(choices.integer(4096));
        info.put(text("standpipe", 24)).put(text("1", 24));
        record(8001, info.array());
    }

    /** A text, or whatever bytes are chosen in its place, cut or padded to a length. */
    private byte[] text(String usual, int length) {
        byte[] text = choices.next() < 200 ? usual.getBytes(StandardCharsets.UTF_8) : choices.bytes(choices.upTo(24));
        return Arrays.copyOf(text, Math.min(Math.max(0, length), MOST_BYTES));
    }

    private void program(int pid) {
        byte[] name = choices.bytes(choices.upTo(16));
        byte[] user = choices.bytes(choices.upTo(8));
        byte[] commandLine = choices.yes() ? choices.bytes(choices.upTo(40)) : new byte[] {'a', 0, 0, 0x1b, '[', 0};
        record(8008, body(16 + name.length + user.length + commandLine.length)
                .putInt(choices.integer(pid)).putInt(choices.integer(0))
                .putShort((short) choices.integer(name.length)).putShort((short) choices.integer(user.length))
                .putInt(choices.integer(0)).put(name).put(user).put(commandLine).array());
    }

    private void process() {
        int table;
        if (!tables.isEmpty() && choices.yes()) {
            table = tables.get(choices.upTo(tables.size() - 1));
        } else {
            table = ++objrefs;
            tables.add(table);
            int descriptors = 1 + choices.upTo(15);
            record(6, ints(choices.integer(3), choices.integer(table)));
            record(301, ints(choices.integer(descriptors), 0));
            for (int number = 0; number < descriptors; number++) {
                descriptor(number);
            }
        }
        record(105, ints(choices.integer(table), 0, 0, 0, 0, 0));
    }

    private void descriptor(int number) {
        int description;
        if (!descriptions.isEmpty() && choices.upTo(3) == 3) {
            description = descriptions.get(choices.upTo(descriptions.size() - 1));
        } else {
            description = ++objrefs;
            descriptions.add(description);
            description(description);
        }
        record(302, ints(choices.integer(description), choices.integer(number), choices.upTo(1), 0));
    }

    private void description(int objref) {
        boolean known = !pipes.isEmpty() && choices.yes();
        int pipe = known ? pipes.get(choices.upTo(pipes.size() - 1)) : ++objrefs;
        boolean fifo = choices.upTo(3) == 3;
        int flags = choices.upTo(2) | (choices.upTo(3) == 3 ? choices.integer(04000) : 0);
        record(6, ints(choices.integer(4), choices.integer(objref)));
        record(304, body(48).putInt(choices.integer(fifo ? 3 : 2)).putInt(choices.integer((flags & 3) + 1)).putInt(flags)
                .position(24).putLong(choices.number(0)).position(40).putInt(choices.integer(pipe)).array());
        if (fifo) {
            record(303, path());
        }
        if (choices.upTo(7) == 7) {
            record(8005, ints(choices.integer(1), choices.integer(100), choices.integer(10), 0));
        }
        if (!known) {
            pipes.add(pipe);
            pipe(pipe);
        }
    }

    private byte[] path() {
        int choice = choices.next();
        if (choice < 200) {
            return (PATHS[choice % PATHS.length] + "\0").getBytes(StandardCharsets.UTF_8);
        }
        byte[] path = new byte[Math.max(0, Math.min(5000, choices.integer(4096)))];
        Arrays.fill(path, (byte) 'x');
        byte[] chosen = choices.bytes(Math.min(path.length, 8));
        System.arraycopy(chosen, 0, path, 0, chosen.length);
        return path;
    }

    private void pipe(int objref) {
        int payload = PAYLOADS[choices.upTo(PAYLOADS.length - 1)];
        if (choices.next() < 200) {
            record(8003, body(56).putInt(choices.integer(objref)).putInt(choices.integer(65_536)).putLong(13).putLong(4711)
                    .putInt(0).putInt(0).putInt(0010600).putInt(choices.upTo(7)).putLong(choices.number(payload))
                    .putInt(choices.upTo(1)).putInt(0).array());
        }
        if (choices.upTo(3) == 3) {
            slots(objref, payload);
        }
        if (choices.upTo(3) == 3) {
            record(8002, new byte[choices.next() * 16]);
        }
        byte[] bytes = new byte[payload];
        Arrays.fill(bytes, (byte) objref);
        record(RecordWalk.PIPE_BUF, bytes);
    }

    /** Slots that come to the payload, unless a number is not the usual one. */
    private void slots(int objref, int payload) {
        ByteBuffer slots = body(8 + 8 * 64).putInt(choices.integer(objref)).putInt(choices.integer(0));
        int left = payload;
        for (int i = 0; i < 63 && left > 0 && (i == 0 || !choices.isSpent()); i++) {
            int length = Math.min(left, 1 + choices.next() * (choices.yes() ? 1 : 16));
            int count = Math.max(1, Math.min(left / length, 1 + choices.upTo(15)));
            slots.putInt(choices.integer(length)).putInt(choices.integer(count) | (choices.yes() ? 1 << 31 : 0));
            left -= length * count;
        }
        if (left > 0) {
            slots.putInt(left).putInt(1);
        }
        record(8004, Arrays.copyOf(slots.array(), slots.position()));
    }

    /** A record, now and then not quite as it should be. */
    private void record(int type, byte[] body) {
        int oddity = choices.next();
        if (oddity == 255) {
            return;
        }
        if (oddity == 254) {
            frame(8100, 8 + 4).writeBytes(new byte[4]);
        }
        if (oddity == 253) {
            frame(9999, 8);
            byte[] reason = choices.bytes(1 + choices.upTo(20));
            frame(5, 8 + reason.length).writeBytes(reason);
        }
        int actualType = oddity == 252 ? choices.integer(type) : type;
        int length = oddity == 251 ? choices.integer(8 + body.length) : 8 + body.length;
        for (int i = oddity == 250 ? 2 : 1; i > 0 && image.size() < MOST_BYTES; i--) {
            frame(actualType, length).writeBytes(body);
        }
    }

    private ByteArrayOutputStream frame(int type, int length) {
        image.writeBytes(ints(type, length));
        return image;
    }

    private static byte[] ints(int... fields) {
        ByteBuffer body = body(4 * fields.length);
        body.asIntBuffer().put(fields);
        return body.array();
    }

    private static ByteBuffer body(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
