// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jni;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.Jdks;
import io.standpipe.testkit.Jdks.Jdk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From where the native library is loaded, and what is said where it cannot be; in JVMs of their own, of each version. */
class NativeLibraryTest {

    private static final int FIRST_WITH_MEMORY_FILES = 22;
    private static final int FIRST_THAT_DENIES = 24;
    private static final String CANNOT = "the native library of Standpipe cannot be loaded";
    private static final String REMEDY = "; set -Djava.io.tmpdir to a directory in which this user may write and execute files, or unpack"
            + " io/standpipe/internal/jni/" + NativePlatform.name() + "/libstandpipe.so of Standpipe's jar beforehand and name it with"
            + " -Dstandpipe.library.path (attach has --library for that; the command takes options of the JVM from STANDPIPE_JAVA_OPTS)";

    @TempDir
    Path directory;

    private Path temporary;
    private Path home;
    private Path library;

    static List<Jdk> jdks() throws IOException {
        return Jdks.installed();
    }

    @BeforeEach
    void makeDirectories() throws IOException {
        directory = directory.toRealPath();
        temporary = Files.createDirectory(directory.resolve("tmp"));
        home = Files.createDirectory(directory.resolve("home"));
        library = directory.resolve("libnamed.so");
        try (InputStream packed = Objects.requireNonNull(NativePlatform.open(PackedLibrary.FILE))) {
            Files.copy(packed, library);
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void unpackedLibraryIsRemoved(Jdk jdk) throws Exception {
        ask(jdk, List.of()).assertPrinted("works\nworks\n");
        ask(jdk, List.of(), "interrupted").assertPrinted("works\nworks\n");
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whereNothingMayBeExecutedInTheTemporaryDirectoryAnotherPlaceIsFound(Jdk jdk) throws Exception {
        askWhere(noExec(temporary), jdk, List.of()).assertPrinted("works\nworks\n");
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whereNoDirectoryCanBeWrittenAFileInMemoryWillDo(Jdk jdk) throws Exception {
        ChildRun run = askWhere(readOnly(temporary) + readOnly(home), jdk, List.of(), "loaders", "20");

        if (jdk.feature() >= FIRST_WITH_MEMORY_FILES) {
            run.assertPrinted("works\n".repeat(22));
        } else {
            String message = CANNOT + "; in " + temporary + ": Read-only file system; in memory: this needs JDK 22 or later; in " + home
                    + ": Read-only file system" + REMEDY + "\n";
            run.assertPrinted(message.repeat(22));
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whereNoDirectoryIsForExecutionAFileInMemoryWillDo(Jdk jdk) throws Exception {
        ChildRun run = askWhere(noExec(temporary) + noExec(home), jdk, List.of(), "interrupted");

        String reason = ": nothing there may be executed, it may be mounted noexec (failed to map segment from shared object)";
        run.assertPrinted((jdk.feature() >= FIRST_WITH_MEMORY_FILES ? "works\n" : CANNOT + "; in " + temporary + reason
                + "; in memory: this needs JDK 22 or later; in " + home + reason + REMEDY + "\n").repeat(2));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void directoryThatOthersCanChangeIsNotUsed(Jdk jdk) throws Exception {
        Files.setAttribute(temporary, "unix:mode", 0777);
        Files.setAttribute(home, "unix:mode", 0777);

        ChildRun run = ask(jdk, List.of());

        String reason = ": it is writable for everybody (and not sticky), who could put another library in place of ours";
        run.assertPrinted((jdk.feature() >= FIRST_WITH_MEMORY_FILES ? "works\n" : CANNOT + "; in " + temporary + ": directory " + temporary
                + reason + "; in memory: this needs JDK 22 or later; in " + home + ": directory " + home + reason + REMEDY + "\n").repeat(2));
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void directoryOfTheSessionComesBeforeHome(Jdk jdk) throws Exception {
        Path session = Files.createDirectory(directory.resolve("session"));
        ChildRun run = askWhere("export XDG_RUNTIME_DIR=" + session + "; " + readOnly(temporary) + readOnly(home), jdk, List.of());
        run.assertPrinted("works\nworks\n");
        assertArrayEquals(new String[0], session.toFile().list());
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void jvmThatDeniesNativeAccessNamesTheFlag(Jdk jdk) throws Exception {
        if (jdk.feature() >= FIRST_THAT_DENIES) {
            String message = CANNOT + ": this JVM denies native access (--illegal-native-access=deny); start it with"
                    + " --enable-native-access=ALL-UNNAMED\n";
            ask(jdk, List.of("--illegal-native-access=deny")).assertPrinted(message.repeat(2));
            ask(jdk, List.of("--illegal-native-access=deny", "-Dstandpipe.library.path=" + library)).assertPrinted(message.repeat(2));
            ask(jdk, List.of("--illegal-native-access=deny", "--enable-native-access=ALL-UNNAMED")).assertPrinted("works\nworks\n");
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void machineThatTheJarHasNoLibraryForIsNamed(Jdk jdk) throws Exception {
        ask(jdk, List.of("-Dos.arch=s390x")).assertPrinted(("the native library of Standpipe for linux-s390x is not in its jar; build one"
                + " there with mvn package, and name it with -Dstandpipe.library.path\n").repeat(2));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void libraryThatIsNamedIsLoadedInPlaceOfTheJars(Jdk jdk) throws Exception {
        // The jar has none for this machine: only the named library can be the one that answers.
        ask(jdk, List.of("-Dos.arch=s390x", "-Dstandpipe.library.path=" + library)).assertPrinted("works\nworks\n");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void fileThatIsNoLibraryForThisJvmIsRefusedBeforeTheJvmWarnsOfIt(Jdk jdk) throws Exception {
        byte[] good = Files.readAllBytes(library);
        assertRefused(jdk, directory.resolve("absent.so"), "there is no such file");
        assertRefused(jdk, directory, "it is no regular file");
        assertRefused(jdk, Files.writeString(directory.resolve("text.so"), "#!/bin/sh\n"), "it is no shared library");
        assertRefused(jdk, jdk.home().resolve("lib/libjava.so"), "it is another library than Standpipe's");
        byte[] foreign = good.clone();
        foreign[18] = (byte) (foreign[18] == 62 ? 183 : 62);
        assertRefused(jdk, Files.write(directory.resolve("foreign.so"), foreign), foreign[18] == 62
                ? "it is for another machine (ELF machine 62, x86-64) than this JVM, which runs on linux-arm64"
                : "it is for another machine (ELF machine 183, arm64) than this JVM, which runs on linux-x86_64");
        byte[] older = new String(good, StandardCharsets.ISO_8859_1)
                .replace("Native_sp_1freeze\0", "Native_sp_1freezz\0").getBytes(StandardCharsets.ISO_8859_1);
        assertRefused(jdk, Files.write(directory.resolve("older.so"), older),
                "it is of another version of Standpipe, it has no function sp_freeze");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void damagedLibraryIsRefusedWithWhatTheLoaderSays(Jdk jdk) throws Exception {
        String message = CANNOT + " from " + damaged() + ", which is named by -Dstandpipe.library.path: ";
        ChildRun run = ask(jdk, List.of("-Dstandpipe.library.path=" + damaged()));
        assertTrue(run.output().startsWith(message) && run.output().contains("only ET_DYN and ET_EXEC can be loaded; name the library"),
                run::toString);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void libraryThatDoesNotLoadOnMuslIsSaidToBeForGlibc(Jdk jdk) throws Exception {
        Path musl = Files.writeString(directory.resolve("ld-musl-x86_64.so.1"), "mapped as musl's loader is");
        ChildRun run = ask(jdk, List.of("-Dstandpipe.library.path=" + damaged()), "map", musl.toString());
        assertTrue(run.output().contains("; this JVM runs on musl, and the library in the jar is built for glibc: build one for musl"),
                run::toString);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void libraryNamedAfterAFailureIsLoadedByThatClassLoaderAlone(Jdk jdk) throws Exception {
        ChildRun run = ask(jdk, List.of("-Dstandpipe.library.path=/absent.so"), "use", library.toString(), "loaders", "2");

        String failure = CANNOT + " from /absent.so, which is named by -Dstandpipe.library.path: there is no such file;"
                + " name the library of this version of Standpipe (attach has --library for that), or none\n";
        run.assertPrinted(failure + "works\n" + failure + failure);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whereDescriptorsHaveRunOutThatIsSaidAndTheNextCallWorks(Jdk jdk) throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n 60; exec \"$@\"", "sh"));
        command.addAll(command(jdk, List.of("-XX:-MaxFDLimit"), "full"));
        ChildRun.of(command).assertPrinted(CANNOT + ": no file can be opened, /proc/self/cmdline (Too many open files);"
                + " close some, or raise the limit with ulimit -n\nworks\nworks\n");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void securityManagerThatForbidsItIsNamed(Jdk jdk) throws Exception {
        if (jdk.feature() < FIRST_THAT_DENIES) {
            Path policy = Files.writeString(directory.resolve("policy"), "grant { permission java.io.FilePermission \"<<ALL FILES>>\", \"read\"; };");
            ChildRun run = ask(jdk, List.of("-Djava.security.manager", "-Djava.security.policy==" + policy));
            assertEquals(2, run.output().lines().filter(line -> line.startsWith(CANNOT + ": the security manager forbids it: ")).count(), run::toString);
        }
    }

    private Path damaged() throws IOException {
        byte[] damaged = Files.readAllBytes(library);
        damaged[16] = 1; // An object file, by its header.
        return Files.write(directory.resolve("damaged.so"), damaged);
    }

    private void assertRefused(Jdk jdk, Path file, String reason) throws Exception {
        ask(jdk, List.of("-Dstandpipe.library.path=" + file)).assertPrinted((CANNOT + " from " + file
                + ", which is named by -Dstandpipe.library.path: " + reason
                + "; name the library of this version of Standpipe (attach has --library for that), or none\n").repeat(2));
    }

    private void assertNothingIsLeft() {
        assertArrayEquals(new String[0], temporary.toFile().list());
        assertArrayEquals(new String[0], home.toFile().list());
    }

    private static String noExec(Path directory) {
        return "mount -t tmpfs -o noexec tmpfs " + directory + "; ";
    }

    private static String readOnly(Path directory) {
        return "mount --bind " + directory + " " + directory + "; mount -o remount,bind,ro " + directory + "; ";
    }

    /** Runs the JVM where a script has changed the mounts, which nobody else sees. */
    private ChildRun askWhere(String script, Jdk jdk, List<String> options, String... arguments) throws Exception {
        Host.assumeMountNamespaces();
        List<String> command = new ArrayList<>(List.of("unshare", "-m", "sh", "-ec", "unset XDG_RUNTIME_DIR; " + script + "exec \"$@\"", "sh"));
        command.addAll(command(jdk, options, arguments));
        return ChildRun.of(command);
    }

    private ChildRun ask(Jdk jdk, List<String> options, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("env", "-u", "XDG_RUNTIME_DIR"));
        command.addAll(command(jdk, options, arguments));
        return ChildRun.of(command);
    }

    private List<String> command(Jdk jdk, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                jdk.java(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "-Djava.io.tmpdir=" + temporary, "-Duser.home=" + home));
        if (jdk.feature() >= FIRST_WITH_MEMORY_FILES && !options.contains("--illegal-native-access=deny")) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), AskTwice.class.getName()));
        command.addAll(Arrays.asList(arguments));
        return command;
    }
}
