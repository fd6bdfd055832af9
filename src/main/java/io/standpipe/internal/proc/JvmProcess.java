// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PathCalls;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A process that is a JVM, as it can be seen from outside. To attach to a JVM is to send it SIGQUIT, which ends a process that does
 * not expect it: all is found out before.
 *
 * @param feature the first number of the JVM's version; 0 if it cannot be found out
 * @param options the JVM's own options, as far as they are on its command line or in its environment, in the order in which they count
 */
public record JvmProcess(int pid, int feature, List<String> options) {

    private static final int SIGQUIT = 3;
    private static final int ENVIRONMENT_BYTES = 1 << 20;
    private static final int OLDEST = 17;

    /** As the kernel cuts it. */
    private static final String SIGNAL_THREAD = "Signal Dispatch";

    /** From a JVM's library up to its home. */
    private static final int MOST_LEVELS = 5;
    private static final String LAST_THREAD = "Notification Th"; // ead: the kernel keeps so much
    private static final String LIBRARY = "/libjvm.so";
    private static final String NO_JVM = "not a JVM, nothing was sent to it: ";

    /** Of the java launcher: the next argument is not an option but the value of this one. */
    private static final Set<String> WITH_VALUE = Set.of(
            "-cp", "-classpath", "--class-path", "-p", "--module-path", "--upgrade-module-path", "--add-modules", "--limit-modules",
            "--add-reads", "--add-exports", "--add-opens", "--patch-module", "--enable-native-access", "--source",
            "--finalization", "--illegal-native-access", "--sun-misc-unsafe-memory-access");

    public JvmProcess {
        options = List.copyOf(options);
    }

    /**
     * Looks at a process, and changes nothing.
     *
     * @throws IllegalArgumentException if it is no JVM, or one that cannot be attached to
     * @throws StandpipeException if it cannot be attached to now
     */
    public static JvmProcess of(int pid) throws StandpipeException {
        TargetCheck.check(pid);
        String name = "process " + pid + ": ";
        try {
            String library = library(pid, name);
            List<String> options = options(pid);
            JvmProcess jvm = new JvmProcess(pid, library.isEmpty() ? 0 : feature(pid, library), options);
            if (jvm.feature > 0 && jvm.feature < OLDEST) {
                throw new IllegalArgumentException(name + "a JVM of version " + jvm.feature + ", Standpipe's agent needs " + OLDEST
                        + " or later; nothing was sent to it");
            }
            if (jvm.isOn("DisableAttachMechanism", false)) {
                throw new IllegalArgumentException(
                        name + "a JVM that was started with -XX:+DisableAttachMechanism, nothing was sent to it");
            }
            if (!catchesQuit(pid)) {
                throw new IllegalArgumentException(name + "it would be ended by the signal with which one attaches to a JVM (SIGQUIT is"
                        + " not caught): a JVM that was started with -Xrs, or does not run yet; nothing was sent to it");
            }
            if (!hasThread(pid, SIGNAL_THREAD)) {
                throw new IllegalArgumentException(name + NO_JVM + "libjvm.so is mapped, but no thread of a JVM's takes signals");
            }
            if (ProcessStatus.of(pid).isStopped()) {
                throw new StandpipeException(name + "it is stopped or frozen, and would answer only once it goes on (kill -CONT "
                        + pid + "); nothing was sent to it");
            }
            return jvm;
        } catch (StandpipeException e) {
            throw e;
        } catch (IOException e) {
            throw new ProcessEndedException(pid, "it has ended", e);
        }
    }

    /** Returns whether a JVM has a thread that it starts once it is ready to run the application. */
    public static boolean hasStarted(int pid) throws IOException {
        return hasThread(pid, LAST_THREAD);
    }

    private static boolean hasThread(int pid, String name) throws IOException {
        for (int thread : ProcDirectory.threads(pid)) {
            if (threadName(pid, thread).equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static String threadName(int pid, int thread) {
        try {
            return ProcFile.readLine("/proc/" + pid + "/task/" + thread + "/comm");
        } catch (IOException e) {
            return ""; // It has ended.
        }
    }

    /** Returns the path of the JVM's library in the process's file system; empty if that may not be looked at. */
    private static String library(int pid, String name) throws IOException {
        try {
            for (String line : ProcFile.readLines("/proc/" + pid + "/maps")) {
                int start = line.indexOf('/');
                String path = start < 0 ? "" : line.substring(start).replace(" (deleted)", "");
                if (path.endsWith("/libj9vm29.so") || path.contains("/libj9vm")) {
                    throw new IllegalArgumentException(name + "an OpenJ9 JVM, to which the attach mechanism of HotSpot"
                            + " does not speak; nothing was sent to it");
                }
                if (path.endsWith(LIBRARY)) {
                    return path;
                }
            }
            throw new IllegalArgumentException(name + NO_JVM + "libjvm.so is not among the files that it has mapped");
        } catch (AccessDeniedException e) {
            return checkedByPerformanceData(pid, name, e);
        }
    }

    /** Without the right to see what a process has mapped, a JVM is known by the file that it makes for jps and jstat. */
    private static String checkedByPerformanceData(int pid, String name, IOException cause) throws IOException {
        Path temporary = Path.of("/tmp");
        int uid = Integer.parseInt(ProcFile.readField("/proc/" + pid + "/status", "Uid:").split("\\s+")[1]);
        try (var users = Files.newDirectoryStream(temporary, "hsperfdata_*")) {
            for (Path user : users) {
                Path file = user.resolve(Integer.toString(pid));
                if (Files.isRegularFile(file) && (int) Files.getAttribute(file, "unix:uid") == uid) {
                    return "";
                }
            }
        }
        throw new UnavailableException(name + "cannot see whether it is a JVM, nothing was sent to it"
                + TraceRefusal.explain(pid), cause);
    }

    private static boolean catchesQuit(int pid) throws IOException {
        long caught = Long.parseUnsignedLong(ProcFile.readField("/proc/" + pid + "/status", "SigCgt:"), 16);
        return (caught >>> (SIGQUIT - 1) & 1) != 0;
    }

    /** Reads the file above the JVM's libraries that says their version. */
    private static int feature(int pid, String library) {
        Path directory = Path.of(library).getParent();
        for (int i = 0; i < MOST_LEVELS && directory != null; i++, directory = directory.getParent()) {
            int feature = featureIn(pid, directory.resolve("release"));
            if (feature > 0) {
                return feature;
            }
        }
        return 0;
    }

    private static int featureIn(int pid, Path release) {
        byte[] inRoot = PathCalls.bytes(release.toString().substring(1));
        try (Fd root = FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/proc/" + pid + "/root", Flags.O_PATH, 0);
                Fd file = PathCalls.openInRoot(root.number(), inRoot, Flags.O_RDONLY | Flags.O_NONBLOCK)) {
            for (String line : ProcFile.readLines("/proc/self/fd/" + file.number())) {
                if (line.startsWith("JAVA_VERSION=")) {
                    String[] numbers = line.substring(line.indexOf('=') + 1).replace("\"", "").split("\\D+");
                    return Integer.parseInt(numbers[0].equals("1") && numbers.length > 1 ? numbers[1] : numbers[0]);
                }
            }
            return 0;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    /** The last that sets a flag counts, and these are in the order in which the JVM takes them. */
    private static List<String> options(int pid) throws IOException {
        List<String> environment = strings(pid, "environ");
        List<String> options = new ArrayList<>(variable(environment, "JAVA_TOOL_OPTIONS"));
        options.addAll(variable(environment, "JDK_JAVA_OPTIONS"));
        List<String> arguments = strings(pid, "cmdline");
        for (int i = 1; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (!argument.startsWith("-") && !argument.startsWith("@") || argument.equals("-jar") || argument.equals("-m")) {
                break;
            }
            boolean valued = WITH_VALUE.contains(argument) && i + 1 < arguments.size();
            options.add(valued ? argument + "=" + arguments.get(++i) : argument);
        }
        options.addAll(variable(environment, "_JAVA_OPTIONS"));
        return options;
    }

    private static List<String> variable(List<String> environment, String name) {
        return environment.stream()
                .filter(entry -> entry.startsWith(name + "="))
                .flatMap(entry -> List.of(entry.substring(name.length() + 1).trim().split("\\s+")).stream())
                .toList();
    }

    private static List<String> strings(int pid, String file) throws IOException {
        try {
            String text = new String(ProcFile.readBytes("/proc/" + pid + "/" + file, ENVIRONMENT_BYTES), StandardCharsets.UTF_8);
            return List.of(text.split("\0"));
        } catch (AccessDeniedException e) {
            return List.of();
        }
    }

    private boolean isOn(String flag, boolean byDefault) {
        boolean on = byDefault;
        for (String option : options) {
            on = option.equals("-XX:+" + flag) || on && !option.equals("-XX:-" + flag);
        }
        return on;
    }

    /**
     * Returns whether the JVM itself prints warnings when an agent is loaded into it that has native code: versions 21 and 24 have
     * brought one each, and an option against it.
     */
    public boolean warns() {
        boolean agentWanted = isOn("EnableDynamicAgentLoading", false);
        boolean nativeWanted = options.stream().anyMatch(option -> option.startsWith("--enable-native-access=")
                && List.of(option.substring(option.indexOf('=') + 1).split(",")).contains("ALL-UNNAMED"));
        boolean old = feature > 0 && feature < 21;
        return !old && !(agentWanted && (nativeWanted || feature > 0 && feature < 24));
    }
}
