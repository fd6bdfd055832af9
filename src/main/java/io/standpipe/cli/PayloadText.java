// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Payload;
import io.standpipe.Slots;
import java.io.IOException;
import java.io.PrintWriter;

/** Prints the bytes of a payload for people. If the pipe has packets, each slot begins with a line that names its length. */
final class PayloadText {

    /** Prints bytes in a form for people. */
    interface Printer {

        /** @param lengthBytes how many bytes at the beginning of the array to print */
        void print(byte[] bytes, int lengthBytes);

        /** Ends the line that has begun, if any. */
        void endLine();

        /** Ends the output. */
        void end();
    }

    private static final int MAX_READ_BYTES = 65_536;

    private PayloadText() {}

    static void write(Payload payload, Printer printer, PrintWriter out) throws IOException {
        Slots slots = payload.slots();
        if (slots.hasPackets()) {
            for (Slots.Run run : slots.runs()) {
                for (int i = 0; i < run.count(); i++) {
                    printer.endLine();
                    out.printf("-- %s of %s%n", run.packet() ? "packet" : "buffer", Sizes.count(run.lengthBytes(), "byte"));
                    print(payload, run.lengthBytes(), printer);
                }
            }
        } else {
            print(payload, payload.pipe().payloadBytes(), printer);
        }
        printer.end();
    }

    private static void print(Payload payload, long lengthBytes, Printer printer) throws IOException {
        byte[] bytes = new byte[(int) Math.min(MAX_READ_BYTES, lengthBytes)];
        for (long left = lengthBytes; left > 0; ) {
            int taken = payload.readNBytes(bytes, 0, (int) Math.min(bytes.length, left));
            printer.print(bytes, taken);
            left -= taken;
        }
    }
}
