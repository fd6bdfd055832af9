// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import io.standpipe.cli.Main;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

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

    /** Returns CRIU with Standpipe, or by itself where the property standpipe.criu.alone is set: to see what it loses. */
    static DumpTool wanted() throws IOException, InterruptedException {
        Path criu = Host.assumeCriu();
        return Boolean.getBoolean("standpipe.criu.alone") ? criu(criu) : standpipe(criu);
    }
}
