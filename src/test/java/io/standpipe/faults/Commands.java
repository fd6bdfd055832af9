// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.Checkpoint;
import io.standpipe.CommandException;
import io.standpipe.Restore;
import io.standpipe.StartedCommand;
import io.standpipe.StartedCommands;
import io.standpipe.testkit.RandomBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Restores to commands: to one that is started, and to one that this process would become, if execve did not fail. */
final class Commands {

    private final int pid;
    private final Path image;
    private final Path ownImage;
    private final Path output;

    Commands(Cast cast, Path folder) throws IOException {
        pid = cast.alone.pid();
        image = folder.resolve("process");
        output = Files.createFile(folder.resolve("output"));
        Checkpoint.ofProcess(pid, 0).writeTo(image);
        ownImage = folder.resolve("own-process");
        Checkpoint.ofDescriptors(cast.plain.readFd(), cast.full.readFd(), cast.full.writeFd()).writeTo(ownImage);
    }

    List<Operation> all() {
        return List.of(start(), start().without("close_range", true), exec(), execWithout());
    }

    private Operation start() {
        List<StartedCommand> all = new ArrayList<>();
        Map<Long, List<String>> command = Map.of((long) pid, List.of("sh", "-c", "cat > " + output));
        return Operation.of("restore to a started command", () -> {
            StartedCommands started = Restore.from(image).start(command);
            all.addAll(started.commands());
            assertEquals(0, started.commands().get(0).waitFor().exitStatus());
            return () -> assertArrayEquals(RandomBytes.of(Cast.QUEUED), Files.readAllBytes(output));
        }).after(() -> {
            for (StartedCommand one : all) {
                one.waitFor();
            }
            all.clear();
            Files.write(output, new byte[0]);
        });
    }

    private Operation exec() {
        return Operation.of("restore by exec", () -> {
            Restore.from(ownImage).exec(List.of("true"));
            return () -> {};
        }).failing("execve", "EACCES");
    }

    /** Where a kernel has no close_range, what would be closed is listed; and then there is no such command. */
    private Operation execWithout() {
        Path gone = output.resolveSibling("gone");
        return Operation.of("restore by exec of what is gone", () -> {
            Files.write(gone, new byte[] {'#', '!', '/', 'n', 'o'});
            gone.toFile().setExecutable(true);
            try {
                Restore.from(image).exec(List.of(gone.toString()));
            } catch (CommandException e) {
                if (!e.getMessage().matches("command .*gone: there is no /no, which is to interpret .*gone")) {
                    throw e;
                }
            } finally {
                Files.delete(gone);
            }
            return () -> {};
        }).without("close_range", false);
    }
}
