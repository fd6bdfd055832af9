// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The script bin/standpipe of the distributions, with a program in place of the JVM that shows what it got. */
class LauncherTest {

    /** Prints the jar's real name, then what comes behind it on the command line. */
    private static final String SHOW_ARGUMENTS = "while [ \"$1\" != -jar ]; do shift; done; readlink -f -- \"$2\"; shift 2; printf '<%s>' \"$@\"";

    @TempDir
    Path directory;

    private Path home;

    @BeforeEach
    void install() throws IOException {
        directory = directory.toRealPath();
        home = install("home");
    }

    private Path install(String name) throws IOException {
        Path installed = Files.createDirectories(directory.resolve(name));
        Files.createDirectories(installed.resolve("bin"));
        Files.createDirectories(installed.resolve("lib"));
        Files.copy(InstalledCommand.SCRIPT, installed.resolve("bin/standpipe"));
        Files.createFile(installed.resolve("lib/standpipe.jar"));
        java(installed.resolve("lib/runtime"), SHOW_ARGUMENTS);
        return installed;
    }

    /** Puts a script in the place of the JVM of this directory. */
    private static void java(Path runtime, String script) throws IOException {
        Path java = Files.createDirectories(runtime.resolve("bin")).resolve("java");
        Files.deleteIfExists(java);
        Files.writeString(java, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private ChildRun shell(String script, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "cd '" + directory + "' && " + script, "sh"));
        command.addAll(List.of(arguments));
        return ChildRun.of(command);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "home/bin/standpipe show",
        "./home/bin/standpipe show",
        "cd home && bin/standpipe show",
        "cd home/bin && ./standpipe show",
        "cd home/bin && sh standpipe show",
        "cd home/lib && ../bin/standpipe show",
        "PATH=$PWD/home/bin:$PATH && cd / && standpipe show",
        "PATH=home/bin:$PATH && standpipe show",
        "ln -s \"$PWD/home/bin/standpipe\" link && ./link show",
        "ln -s home/bin/standpipe link && ./link show",
        "mkdir -p a/b && ln -s ../home/bin/standpipe a/one && ln -s ../one a/b/two && ln -s \"$PWD/a/b/two\" three && ./three show",
        "mkdir tools && ln -s ../home/bin/standpipe tools/renamed && PATH=$PWD/tools:$PATH && cd / && renamed show",
        "ln -s home/bin tools && tools/standpipe show",
        "ln -s home other && cd other/bin && ./standpipe show"})
    void directoryAboveIsFound(String command) throws Exception {
        shell(command).assertPrinted(home + "/lib/standpipe.jar\n<show>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", " ", "it's", "\"", "$HOME", "*", "[a]?", "a;b&c", "a\\b", "#%20", "-n", "a\nb", "\n", "~"})
    void directoryMayHaveAnyName(String name) throws Exception {
        Path odd = install(name);
        ChildRun direct = ChildRun.of(List.of(odd + "/bin/standpipe", "show"));
        direct.assertPrinted(odd + "/lib/standpipe.jar\n<show>");
        Path link = Files.createSymbolicLink(directory.resolve("to " + name), Path.of(name, "bin/standpipe"));
        ChildRun.of(List.of(link.toString(), "show")).assertPrinted(odd + "/lib/standpipe.jar\n<show>");
        shell("\"./$1/bin/standpipe\" show", name).assertPrinted(odd + "/lib/standpipe.jar\n<show>");
    }

    @Test
    void directoryWithColonIsNamed() throws Exception {
        ChildRun run = ChildRun.of(List.of(install("a:b") + "/bin/standpipe", "show"));
        assertEquals(4, run.exitStatus(), run::toString);
        assertTrue(run.output().startsWith("standpipe: it is installed in " + directory + "/a:b, and Java takes no path with a colon"),
                run::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "bash --posix", "busybox sh", "ksh", "mksh", "zsh --emulate sh"})
    void eachShellPassesArgumentsOn(String shell) throws Exception {
        Host.assumeTool(shell.split(" ")[0]);
        shell(shell + " home/bin/standpipe \"$@\"", "restore", "", "a b", "*", "@x", "$HOME", "\"'", "a\nb", "--", "-jar")
                .assertPrinted(home + "/lib/standpipe.jar\n<restore><><a b><*><@x><$HOME><\"'><a\nb><--><-jar>");
    }

    @Test
    void processBecomesTheJvm() throws Exception {
        java(home.resolve("lib/runtime"), "echo $$");
        ChildRun run = ChildRun.of(List.of(home + "/bin/standpipe", "show"));
        run.assertPrinted(run.pid() + "\n");
    }

    @ParameterizedTest
    @CsvSource({"exit 0, 0", "exit 42, 42", "kill -KILL $$, 137"})
    void statusIsPassedOn(String script, int status) throws Exception {
        java(home.resolve("lib/runtime"), script);
        assertEquals(status, ChildRun.of(List.of(home + "/bin/standpipe", "show")).exitStatus());
    }

    @Test
    void descriptorsArePassedOnAndNoOthers() throws Exception {
        java(home.resolve("lib/runtime"), "exec readlink /proc/self/fd/0 /proc/self/fd/3 /proc/self/fd/7 /proc/self/fd/8 /proc/self/fd/9 /proc/self/fd/10");
        shell("echo > seven; exec home/bin/standpipe restore 7<seven 0</dev/null 3>&- 8>&- 9>&-; ").output().lines()
                .forEach(line -> assertTrue(List.of("/dev/null", directory + "/seven").contains(line), line));
    }

    @Test
    void closedDescriptorsStayClosed() throws Exception {
        java(home.resolve("lib/runtime"), "[ -e /proc/self/fd/0 ] || echo closed");
        shell("exec home/bin/standpipe restore 0<&-").assertPrinted("closed\n");
    }

    @Test
    void variablesOfTheCallerKeepTheirValues() throws Exception {
        java(home.resolve("lib/runtime"), "exec cat /proc/self/environ");
        Matcher names = Pattern.compile("\\b(?:read -r )?([a-z_]+)=").matcher(Files.readString(InstalledCommand.SCRIPT));
        String variables = names.results().map(name -> name.group(1)).filter(name -> !name.startsWith("sp_")).distinct()
                .map(name -> name + "=1").collect(Collectors.joining(" ")) + " home=1 _=1 name=1 key=1";
        ChildRun run = shell("exec env -i " + variables + " PWD=$PWD PATH=$PATH home/bin/standpipe restore");
        ChildRun expected = shell("exec env -i " + variables + " PWD=$PWD PATH=$PATH cat /proc/self/environ");
        assertEquals(sorted(expected), sorted(run));
    }

    /** Without what a shell adds or changes of its own. */
    private static List<String> sorted(ChildRun environment) {
        return Stream.of(environment.output().split("\0"))
                .filter(variable -> !variable.matches("(?s)(SHLVL|OLDPWD|_)=.*")).sorted().toList();
    }

    @Test
    void environmentIsPassedOnButForWhatTheJvmObeys() throws Exception {
        java(home.resolve("lib/runtime"), "exec env");
        String variables = "env FOO='a b' CLASSPATH=/nowhere JAVA_TOOL_OPTIONS='-Dx=\"*\" -Xmx1m' JDK_JAVA_OPTIONS= _JAVA_OPTIONS=y";
        List<String> seen = shell(variables + " home/bin/standpipe show").output().lines().toList();
        assertTrue(seen.contains("FOO=a b"), seen::toString);
        assertTrue(seen.contains("CLASSPATH=/nowhere"), seen::toString);
        assertTrue(seen.contains("STANDPIPE_CALLER_JAVA_TOOL_OPTIONS=-Dx=\"*\" -Xmx1m"), seen::toString);
        assertTrue(seen.contains("STANDPIPE_CALLER_JDK_JAVA_OPTIONS="), seen::toString);
        assertTrue(seen.contains("STANDPIPE_CALLER__JAVA_OPTIONS=y"), seen::toString);
        assertTrue(seen.stream().noneMatch(each -> each.matches("(JAVA_TOOL|JDK_JAVA|_JAVA)_OPTIONS=.*")), seen::toString);
    }

    @Test
    void optionsOfTheUserGoToTheJvm() throws Exception {
        java(home.resolve("lib/runtime"), "printf '%s\\n' \"$@\"");
        ChildRun run = shell("STANDPIPE_JAVA_OPTS=' -Xmx64m  -Da=*' home/bin/standpipe show");
        List<String> options = run.output().lines().toList();
        assertTrue(options.indexOf("-Xmx64m") > options.indexOf("-XX:+UseSerialGC"), run::toString);
        assertEquals(options.indexOf("-Xmx64m") + 1, options.indexOf("-Da=*"), run::toString);
        assertFalse(run.output().contains("-XX:SharedArchiveFile"), run::toString);
    }

    @Test
    void filesThatAreThereAreNamedToTheJvm() throws Exception {
        java(home.resolve("lib/runtime"), "printf '%s\\n' \"$@\"");
        Path archives = Files.createDirectories(home.resolve("lib/classes"));
        Files.createFile(archives.resolve("all.jsa"));
        Files.createFile(archives.resolve("show.jsa"));
        Files.createFile(home.resolve("lib/libstandpipe.so"));
        ChildRun run = ChildRun.of(List.of(home + "/bin/standpipe"));
        assertTrue(run.output().contains("-XX:SharedArchiveFile=" + home + "/lib/classes/all.jsa\n"), run::toString);
        assertTrue(run.output().contains("-cp\n" + home + "/lib/standpipe.jar\nio.standpipe.cli.Main\n"), run::toString);
        ChildRun show = ChildRun.of(List.of(home + "/bin/standpipe", "-q", "show", "image"));
        assertTrue(show.output().contains("-XX:SharedArchiveFile=" + home + "/lib/classes/show.jsa\n"), show::toString);
        assertTrue(run.output().contains("-Dstandpipe.library.path=" + home + "/lib/libstandpipe.so\n"), run::toString);
    }

    @Test
    void javaHomeIsUsedWhereThereIsNoRuntime() throws Exception {
        withoutRuntime();
        release(directory.resolve("jdk"), "17.0.1");
        shell("JAVA_HOME=jdk home/bin/standpipe show").assertPrinted("jdk 17.0.1");
    }

    @Test
    void javaInPathIsUsedWhereThereIsNoJavaHome() throws Exception {
        withoutRuntime();
        release(directory.resolve("jdk"), "25");
        shell("ln -s jdk/bin/java java; unset JAVA_HOME; PATH=$PWD:$PATH; home/bin/standpipe show").assertPrinted("jdk 25");
    }

    @ParameterizedTest
    @ValueSource(strings = {"11.0.2", "1.8.0_292"})
    void javaThatIsTooOldIsNamed(String version) throws Exception {
        withoutRuntime();
        release(directory.resolve("jdk"), version);
        ChildRun run = shell("JAVA_HOME=$PWD/jdk home/bin/standpipe show");
        assertEquals(4, run.exitStatus(), run::toString);
        assertTrue(run.output().startsWith("standpipe: " + directory + "/jdk is Java " + version + ", expected 17 or later: install one"),
                run::toString);
    }

    @ParameterizedTest
    @CsvSource({"show a, 4", "restore a -- b, 125", "swap --pid 1 -- b, 125", "-v restore a -- b, 125", "--help, 4"})
    void statusWithoutJavaIsThatOfTheCommand(String arguments, int status) throws Exception {
        withoutRuntime();
        ChildRun run = shell("unset JAVA_HOME; PATH=/nowhere; home/bin/standpipe " + arguments);
        assertEquals(status, run.exitStatus(), run::toString);
        assertTrue(run.output().startsWith("standpipe: no Java runtime is in JAVA_HOME or PATH, expected 17 or later: install one"),
                run::toString);
    }

    @Test
    void javaHomeWithoutJavaIsNamed() throws Exception {
        withoutRuntime();
        ChildRun run = shell("JAVA_HOME=/nowhere home/bin/standpipe restore");
        assertEquals(125, run.exitStatus(), run::toString);
        assertTrue(run.output().startsWith("standpipe: no Java runtime is in /nowhere, which JAVA_HOME names: expected /nowhere/bin/java"),
                run::toString);
    }

    private void withoutRuntime() throws IOException {
        Files.delete(home.resolve("lib/runtime/bin/java"));
    }

    private static void release(Path jdk, String version) throws IOException {
        java(jdk, "printf 'jdk " + version + "'");
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"A b\"\nJAVA_VERSION=\"" + version + "\"\nOS_NAME=\"Linux\"\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh", "ksh", "mksh"})
    void directoryThatWasRemovedIsNamed(String shell) throws Exception {
        Host.assumeTool(shell.split(" ")[0]);
        String removed = "mkdir gone && cd gone && rmdir ../gone && " + shell + " '" + home + "/bin/standpipe' ";
        for (String verb : List.of("show", "restore")) {
            ChildRun run = shell(removed + verb);
            assertEquals(verb.equals("restore") ? 125 : 4, run.exitStatus(), run::toString);
            assertTrue(run.output().endsWith("standpipe: the working directory was removed: change to one that exists, as with cd /\n"), run::toString);
        }
        shell("PWD=/nowhere " + shell + " home/bin/standpipe show").assertPrinted(home + "/lib/standpipe.jar\n<show>");
    }
}
