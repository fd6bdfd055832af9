// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Payload;
import io.standpipe.Slots;

import java.io.IOException;
import java.io.PrintWriter;

/** What is queued in a pipe for people: where packets tell the reader how much to take, each buffer has a line of its own. */
final class PayloadText {

    /** A form of printing bytes. */
    interface Form {

        void print(byte[] bytes, int length);

        /** Ends the line that is being printed, if there is one. */
        void endLine();

        /** Ends it all. */
        void end();
    }

    private static final int MOST_BYTES = 65_536;

    private PayloadText() {}

    static void write(Payload payload, Form form, PrintWriter out) throws IOException {
        Slots slots = payload.slots();
        if (slots.hasPackets()) {
            for (Slots.Run run : slots.runs()) {
                for (int i = 0; i < run.count(); i++) {
                    form.endLine();
                    out.printf("-- %s of %s%n", run.packet() ? "packet" : "buffer", Sizes.count(run.lengthBytes(), "byte"));
                    print(payload, run.lengthBytes(), form);
                }
            }
        } else {
            print(payload, payload.pipe().payloadBytes(), form);
        }
        form.end();
    }

    private static void print(Payload payload, long lengthBytes, Form form) throws IOException {
        byte[] bytes = new byte[(int) Math.min(MOST_BYTES, lengthBytes)];
        for (long left = lengthBytes; left > 0; ) {
            int taken = payload.readNBytes(bytes, 0, (int) Math.min(bytes.length, left));
            form.print(bytes, taken);
            left -= taken;
        }
    }
}
