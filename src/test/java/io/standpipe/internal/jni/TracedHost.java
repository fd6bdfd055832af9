// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jni;

import io.standpipe.Checkpoint;
import io.standpipe.JavaDescriptor;
import io.standpipe.PipesInPlace;
import io.standpipe.Restore;
import io.standpipe.RestoredPipes;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Does the main things of the library: with streams and channels of all kinds, in place, and with commands. */
final class TracedHost {

    private TracedHost() {}

    /** @param args a directory */
    public static void main(String[] args) throws Exception {
        Path image = Path.of(args[0]).resolve("image");
        Pipe pipe = Pipe.open();
        pipe.sink().write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        int reader = JavaDescriptor.of(pipe.source()).number();
        Checkpoint.ofDescriptors(reader).writeTo(image);
        try (RestoredPipes pipes = Restore.from(image).open()) {
            pipes.inputStream(reader).readNBytes(3);
        }
        try (var out = new BufferedOutputStream(Files.newOutputStream(image)); var file = new FileOutputStream(image.toFile())) {
            Checkpoint.ofDescriptors(reader).writeTo(out);
            Checkpoint.ofDescriptors(reader).writeTo(file);
        }
        try (var in = new BufferedInputStream(Files.newInputStream(image)); FileChannel channel = FileChannel.open(image)) {
            Restore.from(in).open().close();
            Restore.from(channel).open().close();
            Restore.from(Channels.newInputStream(channel.position(0))).open().close();
        }
        Process cat = new ProcessBuilder("cat").start();
        List<Object> objects = List.of(
                pipe, new PushbackInputStream(new BufferedInputStream(cat.getInputStream())),
                new BufferedOutputStream(cat.getOutputStream()));
        PipesInPlace inPlace = PipesInPlace.of(objects.toArray());
        inPlace.writeTo(image);
        inPlace.restore(Restore.from(image));
        cat.destroy();
        cat.waitFor();
        Checkpoint.ofDescriptors(reader).writeTo(image);
        long pid = Restore.from(image).check().processes().get(0).pid();
        Restore.from(image).start(Map.of(pid, List.of("true")), Set.of()).commands();
        System.out.println("done");
    }
}
