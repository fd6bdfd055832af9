// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import com.google.gson.stream.JsonWriter;
import io.standpipe.LivePipe;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/** Prints pipes of running processes as JSON; values that are unknown are null. */
final class LivePipeJson {

    private LivePipeJson() {}

    static void write(List<LivePipe> pipes, PrintWriter out) {
        JsonDocument.print(out, json -> {
            json.setSerializeNulls(true);
            json.beginArray();
            for (LivePipe pipe : pipes) {
                write(pipe, json);
            }
            json.endArray();
        });
    }

    private static void write(LivePipe pipe, JsonWriter json) throws IOException {
        json.beginObject();
        json.name("device").value(pipe.dev());
        json.name("inode").value(pipe.ino());
        json.name("fifo").value(pipe.path());
        json.name("capacityBytes").value(pipe.isMeasured() ? pipe.capacityBytes() : null);
        json.name("queuedBytes").value(pipe.isMeasured() ? pipe.queuedBytes() : null);
        json.name("holders").beginArray();
        for (LivePipe.Holder holder : pipe.holders()) {
            json.beginObject();
            json.name("pid").value(holder.pid());
            json.name("command").value(LivePipeText.name(holder));
            json.name("fd").value(holder.fd());
            json.name("end").value(LivePipeText.end(holder));
            json.name("flags").value(holder.flags());
            json.name("blocked").value(holder.blocked());
            json.endObject();
        }
        json.endArray();
        json.endObject();
    }
}
