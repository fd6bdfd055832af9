// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PathCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.util.Arrays;

/**
 * The file system as a process sees it, which may be in a container, and the ids that the process has there.
 *
 * @param pid the process here
 * @param pidInside the process's own pid, in its pid namespace
 * @param uid the effective user of the process, as this process sees it
 * @param gid the effective group
 * @param own whether the process has the same root and the same mounts as this one
 */
public record ProcessRoot(int pid, int pidInside, int uid, int gid, boolean own) {

    private static final int EFFECTIVE = 1;
    private static final int MOUNT_POINT = 4;
    private static final int MOUNT_OPTIONS = 5;

    /** Looks at a process. One whose root may not be looked at counts as having the same as this one. */
    public static ProcessRoot of(int pid) throws IOException {
        String status = "/proc/" + pid + "/status";
        String[] pids = ProcFile.readField(status, "NSpid:").split("\\s+");
        return new ProcessRoot(
                pid, Integer.parseInt(pids[pids.length - 1]), effective(status, "Uid:"), effective(status, "Gid:"), isOwn(pid));
    }

    private static int effective(String status, String field) throws IOException {
        return Integer.parseUnsignedInt(ProcFile.readField(status, field).split("\\s+")[EFFECTIVE]);
    }

    private static boolean isOwn(int pid) throws ErrnoException {
        try (Fd root = FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/proc/" + pid + "/root", Flags.O_PATH, 0);
                Fd own = FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/", Flags.O_PATH, 0)) {
            Stat there = Stat.of(root.number());
            Stat here = Stat.of(own.number());
            return there.dev() == here.dev() && there.ino() == here.ino()
                    && Arrays.equals(PathCalls.readLink("/proc/" + pid + "/ns/mnt"), PathCalls.readLink("/proc/self/ns/mnt"));
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EACCES || e.errno() == Errno.EPERM) {
                return true;
            }
            throw e;
        }
    }

    /** Returns the user, as this process sees it, who is root in the process's user namespace; -1 if there is none. */
    public int rootInside() throws IOException {
        for (String line : ProcFile.readLines("/proc/" + pid + "/uid_map")) {
            String[] numbers = line.trim().split("\\s+");
            if (numbers[0].equals("0")) {
                return Integer.parseUnsignedInt(numbers[1]);
            }
        }
        return -1;
    }

    /** Returns whether files below a directory there can be executed, as far as mounts decide that; true if they may not be looked at. */
    public boolean allowsExecution(String directory) {
        String options = "";
        int longest = 0;
        try {
            for (String line : ProcFile.readLines("/proc/" + pid + "/mountinfo")) {
                String[] fields = line.split(" ");
                String mount = fields[MOUNT_POINT];
                boolean above = mount.equals("/") || directory.equals(mount) || directory.startsWith(mount + "/");
                if (above && mount.length() >= longest) {
                    longest = mount.length();
                    options = fields[MOUNT_OPTIONS];
                }
            }
        } catch (IOException e) {
            return true;
        }
        return !Arrays.asList(options.split(",")).contains("noexec");
    }

    /**
     * Opens a file by its path there. Links on the way lead where they lead for the process, never out of its root.
     *
     * @param path absolute
     */
    public Fd open(String path, int flags) throws ErrnoException {
        if (own) {
            return FileCalls.open(FileCalls.CURRENT_DIRECTORY, path, flags, 0);
        }
        try (Fd root = FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/proc/" + pid + "/root", Flags.O_PATH, 0)) {
            return PathCalls.openInRoot(root.number(), PathCalls.bytes(path.substring(1)), flags);
        }
    }
}
