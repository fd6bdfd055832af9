// SPDX-License-Identifier: Apache-2.0
import io.standpipe.PipesInPlace;
import io.standpipe.Restore;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;

/** Saves a pipe of this JVM, empties it, restores it in place and reads it again through the same objects. */
final class InPlace {

    private InPlace() {}

    public static void main(String[] arguments) throws Exception {
        Pipe pipe = Pipe.open();
        pipe.sink().write(ByteBuffer.wrap("in flight".getBytes("UTF-8")));
        Path image = Files.createTempDirectory("in-place").resolve("image");
        PipesInPlace pipes = PipesInPlace.of(pipe);
        pipes.writeTo(image);
        read(pipe);
        pipes.restore(Restore.from(image));
        System.out.println(read(pipe).equals("in flight") ? "as it was" : "not as it was");
    }

    private static String read(Pipe pipe) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(100);
        pipe.source().read(bytes);
        return new String(bytes.array(), 0, bytes.position(), "UTF-8");
    }
}
