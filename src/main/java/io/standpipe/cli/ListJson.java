// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import com.google.gson.stream.JsonWriter;
import io.standpipe.LiveActivity;
import io.standpipe.LivePipe;
import io.standpipe.LivePipes;
import io.standpipe.LiveProcess;
import io.standpipe.internal.proc.LiveSocket;
import io.standpipe.internal.proc.ProcessIo;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints pipes and sockets as JSON, as docs/list.schema.json describes it. What is unknown is null. */
final class ListJson {

    private static final int VERSION = 1;

    private final JsonWriter json;
    private final Movement movement;

    private ListJson(JsonWriter json, Movement movement) {
        this.json = json;
        this.movement = movement;
    }

    static void write(Listing listing, Movement movement, PrintWriter out) {
        JsonDocument.print(out, json -> {
            json.setSerializeNulls(true);
            new ListJson(json, movement).write(listing);
        });
    }

    private void write(Listing listing) throws IOException {
        json.beginObject().name("version").value(VERSION).name("pipes").beginArray();
        for (LivePipe pipe : listing.pipes()) {
            write(pipe);
        }
        json.endArray().name("sockets").beginArray();
        for (LiveSocket socket : listing.sockets()) {
            write(socket);
        }
        json.endArray().name("unseen").beginArray();
        for (LivePipes.Unseen unseen : listing.unseen()) {
            json.beginObject();
            writeNames(unseen.process());
            json.name("reason").value(unseen.reason()).endObject();
        }
        json.endArray().endObject();
    }

    private void write(LivePipe pipe) throws IOException {
        boolean measured = pipe.isMeasured();
        json.beginObject().name("device").value(pipe.dev()).name("inode").value(pipe.ino()).name("fifo").value(pipe.path());
        json.name("capacityBytes").value(measured ? pipe.capacityBytes().orElseThrow() : null);
        json.name("queuedBytes").value(measured ? pipe.queuedBytes().orElseThrow() : null);
        json.name("queuedBytesChange").value(movement.of(pipe));
        json.name("full").value(measured ? pipe.full() : null);
        json.name("hasReader").value(measured ? !pipe.readerless() : null);
        json.name("hasWriter").value(measured ? !pipe.writerless() : null);
        json.name("locked").value(pipe.locked());
        json.name("state").value(word(pipe.state())).name("stuck").value(pipe.isStuck());
        json.name("explanation").value(pipe.explanation());
        json.name("holders").beginArray();
        for (LivePipe.Holder holder : pipe.holders()) {
            json.beginObject();
            writeProcess(holder.process());
            json.name("thread").value(holder.thread()).name("fd").value(holder.fd());
            json.name("end").value(Listing.end(holder)).name("flags").value(holder.flags());
            writeActivity(holder.activity());
            json.endObject();
        }
        json.endArray().name("openers").beginArray();
        for (LivePipe.Opener opener : pipe.openers()) {
            json.beginObject();
            writeProcess(opener.process());
            json.name("end").value(opener.writer() ? "write" : "read");
            writeActivity(opener.activity());
            json.endObject();
        }
        json.endArray().endObject();
    }

    private void write(LiveSocket socket) throws IOException {
        json.beginObject().name("pair").value(socket.pair()).name("stuck").value(socket.isStuck());
        json.name("peerClosed").value(socket.isPeerClosed()).name("peerUnknown").value(socket.unknown());
        json.name("ends").beginArray();
        for (LiveSocket.End end : socket.ends()) {
            json.beginObject().name("inode").value(end.ino());
            json.name("queuedBytes").value(end.queuedBytes() < 0 ? null : end.queuedBytes());
            json.name("queuedBytesChange").value(movement.of(end)).name("full").value(end.full());
            json.name("holders").beginArray();
            for (LiveSocket.Holder holder : end.holders()) {
                json.beginObject();
                writeProcess(holder.process());
                json.name("thread").value(holder.thread()).name("fd").value(holder.fd()).name("flags").value(holder.flags());
                writeActivity(holder.activity());
                json.endObject();
            }
            json.endArray().endObject();
        }
        json.endArray().endObject();
    }

    private void writeNames(LiveProcess process) throws IOException {
        json.name("pid").value(process.pid()).name("name").value(process.name());
        json.name("commandLine").value(process.commandLine());
        json.name("uid").value(process.uid().isEmpty() ? null : process.uid().getAsLong()).name("user").value(process.user());
        json.name("state").value(String.valueOf(process.state())).name("cgroup").value(process.cgroup());
        String container = ProcessText.container(process);
        json.name("container").value(container.isEmpty() ? null : container);
    }

    private void writeProcess(LiveProcess process) throws IOException {
        ProcessIo moved = movement.of(process);
        writeNames(process);
        json.name("readBytesChange").value(moved == null ? null : moved.readBytes());
        json.name("writtenBytesChange").value(moved == null ? null : moved.writtenBytes());
    }

    private void writeActivity(LiveActivity activity) throws IOException {
        json.name("activity").beginObject().name("kind").value(word(activity.kind())).name("thread").value(activity.thread());
        json.name("call").value(activity.call()).name("epoll").value(activity.epoll().isEmpty() ? null : activity.epoll().getAsInt());
        json.name("where").value(activity.where()).endObject();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
