// SPDX-License-Identifier: Apache-2.0
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A JVM that knows nothing of Standpipe: holds three pipes, and prints their descriptors. */
final class Holder {

    private Holder() {}

    public static void main(String[] arguments) throws Exception {
        TreeSet<Integer> before = pipes();
        List<Pipe> held = List.of(Pipe.open(), Pipe.open(), Pipe.open());
        for (Pipe pipe : held) {
            pipe.sink().write(ByteBuffer.allocate(5000));
        }
        TreeSet<Integer> added = pipes();
        added.removeAll(before);
        System.out.println(added.stream().map(String::valueOf).collect(Collectors.joining(",")));
        while (held.size() == 3) {
            Thread.sleep(1000);
        }
    }

    private static TreeSet<Integer> pipes() throws Exception {
        TreeSet<Integer> numbers = new TreeSet<>();
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            for (Path link : links.toList()) {
                if (Files.exists(link) && Files.readSymbolicLink(link).toString().startsWith("pipe:")) {
                    numbers.add(Integer.valueOf(link.getFileName().toString()));
                }
            }
        }
        return numbers;
    }
}
