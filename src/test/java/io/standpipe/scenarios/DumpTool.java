// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import io.standpipe.cli.Main;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** What dumps and restores whole processes. */
interface DumpTool {

    /** Returns the command line that dumps a process with its descendants to a directory, and ends them. */
    List<String> dump(int pid, Path images);

    /** Returns the command line that restores them from there, and ends when they run. */
    List<String> restore(Path images);

    /** CRIU by itself. */
    static DumpTool criu(Path criu) {
        return new DumpTool() {
            @Override
            public List<String> dump(int pid, Path images) {
                return List.of(criu.toString(), "dump", "--tree", Integer.toString(pid), "--images-dir", images.toString());
            }

            @Override
            public List<String> restore(Path images) {
                return List.of(criu.toString(), "restore", "--images-dir", images.toString(), "--restore-detached");
            }
        };
    }

    /** CRIU with Standpipe. */
    static DumpTool standpipe(Path criu) {
        return new DumpTool() {
            @Override
            public List<String> dump(int pid, Path images) {
                return TestJvm.command(Main.class, "criu", "dump", "--tree", Integer.toString(pid), "--images-dir", images.toString(),
                        "--criu", criu.toString());
            }

            @Override
            public List<String> restore(Path images) {
                return TestJvm.command(Main.class, "criu", "restore", "--images-dir", images.toString(), "--criu", criu.toString(),
                        "--", "--restore-detached");
            }
        };
    }

    /**
     * CRIU that has Standpipe as its action script, as where another program calls CRIU.
     *
     * @param script a file that is made
     */
    static DumpTool hook(Path criu, Path script) throws IOException {
        Files.writeString(script, "#!/bin/sh\ncase $CRTOOLS_SCRIPT_ACTION in post-dump | post-restore) exec '"
                + String.join("' '", TestJvm.command(Main.class, "criu", "hook")) + "' ;; esac\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        DumpTool alone = criu(criu);
        return new DumpTool() {
            @Override
            public List<String> dump(int pid, Path images) {
                return withScript(alone.dump(pid, images));
            }

            @Override
            public List<String> restore(Path images) {
                return withScript(alone.restore(images));
            }

            private List<String> withScript(List<String> command) {
                return Stream.concat(command.stream(), Stream.of("--action-script", script.toString())).toList();
            }
        };
    }

    /** Returns CRIU with Standpipe, or by itself where the property standpipe.criu.alone is set: to see what it loses. */
    static DumpTool wanted() throws IOException, InterruptedException {
        Path criu = Host.assumeCriu();
        return Boolean.getBoolean("standpipe.criu.alone") ? criu(criu) : standpipe(criu);
    }
}
