// SPDX-License-Identifier: Apache-2.0
package org.example.consumer;

import io.standpipe.Checkpoint;
import io.standpipe.JavaDescriptor;
import io.standpipe.Restore;
import io.standpipe.RestoredPipes;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Saves what is in a pipe of this JVM, restores it, and reads it there. */
public final class Consumer {

    private Consumer() {}

    public static void main(String[] arguments) throws Exception {
        byte[] written = "in flight".getBytes(StandardCharsets.UTF_8);
        Path image = Files.createTempDirectory("consumer").resolve("own.ckpt");
        Pipe pipe = Pipe.open();
        pipe.sink().write(ByteBuffer.wrap(written));
        int reader = JavaDescriptor.of(pipe.source()).number();
        Checkpoint.ofDescriptors(reader).writeTo(image);
        String module = Consumer.class.getModule().isNamed() ? "module path" : "class path";
        try (RestoredPipes pipes = Restore.from(image).open()) {
            String read = new String(pipes.inputStream(reader).readNBytes(written.length), StandardCharsets.UTF_8);
            if (!read.equals("in flight")) {
                throw new AssertionError("restored: " + read);
            }
            System.out.println("consumer: saved and restored on the " + module + ", one of " + ModuleLayer.boot().modules().size() + " modules");
        } finally {
            Files.delete(image);
            Files.delete(image.getParent());
        }
    }
}
