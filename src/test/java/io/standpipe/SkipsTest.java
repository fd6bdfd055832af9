// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.Jdks;
import io.standpipe.testkit.SkipCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A skip is no pass: the check of what was skipped, by toolchain/kernels/CheckSkips.java. */
class SkipsTest {

    private static final Pattern SKIPPING =
            Pattern.compile("Assumptions|TestAborted|@(Disabled|Enabled)|org\\.junit\\.jupiter\\.api\\.condition");
    private static final Set<String> MAY_SKIP = Set.of("Host.java", "Kernel.java", "SkipsTest.java");
    private static final Path TESTS = Path.of("src/test/java/io/standpipe");
    /** As JUnit's console launcher and Surefire write them. */
    private static final String REPORT = """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuite name="x" tests="2">
              <testcase name="passes" classname="io.standpipe.OneTest" time="0.1"/>
              <testcase name="%s" classname="io.standpipe.%s" time="0.1">
                <skipped type="org.opentest4j.TestAbortedException"><![CDATA[org.opentest4j.TestAbortedException: Assumption failed: %s
            \tat org.junit.jupiter.api.Assumptions.assumeTrue(Assumptions.java:127)]]></skipped>
              </testcase>
            </testsuite>
            """;
    private static final String C_RUN = "ok sp_pipe2 makes a pipe\n%s\nran 2 tests, 0 failed\n";

    @TempDir
    static Path classes;

    private static SkipCheck program;

    @TempDir
    Path directory;

    @BeforeAll
    static void compile() {
        program = SkipCheck.compiledTo(classes);
    }

    private Path list(String... lines) throws IOException {
        return Files.write(directory.resolve("list.tsv"), Arrays.stream(lines).map(line -> line.replace('|', '\t')).toList());
    }

    private ChildRun check(String kernel, String where, Path list, Path... results) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--kernel", kernel, "--where", where, list.toString()));
        Stream.of(results).map(Path::toString).forEach(arguments::add);
        return program.run(arguments);
    }

    private Path report(String method, String inClass, String reason) throws IOException {
        Path reports = Files.createDirectories(directory.resolve("reports"));
        Files.writeString(reports.resolve("TEST-" + inClass + ".xml"), REPORT.formatted(method, inClass, reason));
        return reports;
    }

    private Path text(String content) throws IOException {
        return Files.writeString(directory.resolve("serial.log"), content);
    }

    private static void assertResult(int status, String end, ChildRun run) {
        assertEquals(status, run.exitStatus(), run::toString);
        assertTrue(run.output().endsWith(end + "\n"), run::toString);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', value = {
        "5.10;guest,user;0", "5.10;guest;1", "5.10;user;1", "6.1;guest,user;0", "6.15;guest,user;1", "7.3;guest,user;1"
    })
    void skipIsAllowedWhereEachColumnMatches(String kernel, String where, int status) throws Exception {
        Path list = list("# a comment", "", ">=5.10,<6.15|guest,user|junit:TwoTest#skips|needs a * kernel");
        Path reports = report("skips(String)[1]", "cli.TwoTest", "needs a newer kernel");
        assertResult(status, status == 0 ? "1 passed, 1 skipped as allowed, 0 not allowed, 0 failed"
                : "1 passed, 0 skipped as allowed, 1 not allowed, 0 failed", check(kernel, where, list, reports));
    }

    @ParameterizedTest
    @CsvSource({
        "junit:TwoTest, 0", "junit:io.standpipe.cli.TwoTest, 0", "junit:*, 0", "junit:Two*, 0", "junit:TwoTest#skips, 0",
        "junit:OtherTest, 1", "junit:TwoTest#other, 1", "junit:woTest, 1", "c:*, 1"
    })
    void testIsNamedWithOrWithoutPackageAndMethod(String test, int status) throws Exception {
        Path reports = report("skips", "cli.TwoTest", "reason");
        assertEquals(status, check("6.1", "guest", list("*|*|" + test + "|reason"), reports).exitStatus());
    }

    @Test
    void testOfAClassThatIsSkippedHasTheReasonOfTheClass() throws Exception {
        Path report = Files.writeString(directory.resolve("junit.xml"), "<testsuite><testcase name='a()' classname='B'><skipped><![CDATA["
                + "parent was skipped: org.opentest4j.TestAbortedException: Assumption failed: needs root]]></skipped></testcase></testsuite>");
        assertResult(0, "0 passed, 1 skipped as allowed, 0 not allowed, 0 failed",
                check("6.1", "user", list("*|user|junit:*|needs root"), report));
    }

    @Test
    void whatIsNotAllowedIsNamedWithTheLineToAdd() throws Exception {
        Path reports = report("", "cli.TwoTest", "another reason");
        ChildRun run = check("6.12.9-amd64", "user,arm64,guest", list("*|*|junit:TwoTest|reason"), reports);
        assertTrue(run.output().startsWith(reports.resolve("TEST-cli.TwoTest.xml")
                + ": junit:io.standpipe.cli.TwoTest was skipped: another reason\n"
                + "    On Linux 6.12 (arm64,guest,user) the list does not allow that. If it is right, add the line:\n"
                + "    6.12\t*\tjunit:io.standpipe.cli.TwoTest\tanother reason\n"), run::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"failure", "error"})
    void failureIsAFailureThoughNothingWasSkipped(String kind) throws Exception {
        Path report = Files.writeString(directory.resolve("junit.xml"), "<testsuite><testcase name='a' classname='B'><" + kind
                + " message='no'/></testcase></testsuite>");
        ChildRun run = check("6.1", "guest", list(), report);
        assertTrue(run.output().contains(report + ": junit:B#a failed\n"), run::toString);
        assertResult(1, "0 passed, 0 skipped as allowed, 0 not allowed, 1 failed", run);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "skipped sp_isatty knows a terminal: there is no terminal; 0", "lacking sp_kcmp compares; 0", "lacking sp_isatty knows; 1",
        "skipped sp_isatty knows a terminal: no reason; 1", "SKIP main job: no tty; 0", "SKIP other job: no tty; 1", "ok sp_tee copies; 0",
        "FAILED sp_tee copies; 1", "FAIL main job: it hung; 1"
    })
    void outputOfCTestsAndOfCommandsIsCompared(String line, int status) throws Exception {
        Path list = list("*|*|c:sp_isatty *|there is no terminal", "*|*|c:sp_kcmp *|lacking", "*|*|cmd:main job|no tty");
        assertEquals(status, check("6.1", "guest", list, text(C_RUN.formatted(line))).exitStatus());
        assertEquals(status, check("6.1", "guest", list, text(C_RUN.formatted(line).replace("\n", "\r\n"))).exitStatus());
    }

    @Test
    void runThatWasCutShortIsAFailure() throws Exception {
        ChildRun run = check("6.1", "guest", list(), text("ok sp_pipe2 makes a pipe\nok sp_tee copies\n[ 9.1] Kernel panic\n"));
        assertTrue(run.output().contains("no line \"ran N tests\" behind the last 2 tests: the run was cut short"), run::toString);
        assertEquals(1, run.exitStatus());
        run = check("6.1", "guest", list(), text("ok sp_pipe2 makes a pipe\nran 3 tests, 0 failed\n"));
        assertTrue(run.output().contains("\"ran 3 tests, 0 failed\" behind the results of 1 tests"), run::toString);
        assertEquals(1, run.exitStatus());
    }

    @Test
    void resultWithoutATestIsAFailure() throws Exception {
        for (Path empty : List.of(Files.createDirectory(directory.resolve("none")), text("nothing\n"),
                Files.writeString(directory.resolve("TEST-none.xml"), "<testsuite tests='0'/>"))) {
            ChildRun run = check("6.1", "guest", list(), report("runs", "OneTest", "reason"), empty);
            assertTrue(run.output().contains(empty + ": it has the result of no test\n"), run::toString);
            assertEquals(1, run.exitStatus());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "*|*|junit:A; expected 4 columns", "5|*|junit:A|why; kernels: expected", "*|nowhere|junit:A|why; where: expected",
        "*|*|A|why; test: expected", "*|with:zsh|junit:A|why; where: expected"
    })
    void lineThatIsWrongIsNamed(String line, String message) throws Exception {
        ChildRun run = check("6.1", "guest", list("# first", line), text(C_RUN.formatted("ok sp_tee copies")));
        assertTrue(run.output().startsWith("CheckSkips: " + directory.resolve("list.tsv") + ":2: " + message), run::toString);
        assertEquals(2, run.exitStatus());
    }

    @Test
    void tagsOfThisMachineAreFound() throws Exception {
        String[] alternatives = {"root|user", "arm64|x86-64", "without:sh|nofile:/absent", "without:absent-tool|root"};
        for (String both : alternatives) {
            String[] each = both.split("\\|");
            Path list = list("*|" + each[0] + "|junit:*|reason", "*|" + each[1] + "|junit:*|reason");
            ChildRun run = program.run(List.of(list.toString(), report("skips", "OneTest", "reason").toString()));
            assertEquals(0, run.exitStatus(), run::toString);
        }
        Path list = list("*|without:sh|junit:*|reason", "*|root,user|junit:*|reason", "*|nofile:/proc|junit:*|reason", "<3.0|*|junit:*|reason");
        assertEquals(1, program.run(List.of(list.toString(), report("skips", "OneTest", "reason").toString())).exitStatus());
    }

    /** Tests of real JVMs take those that are installed: that the newest one was among them is no matter of course. */
    @Test
    void newestJdkIsTested() throws IOException {
        Host.assume(Jdks.installed().stream().anyMatch(jdk -> jdk.feature() == 25), "JDK 25 is not installed");
    }

    /** A test that skips by itself may try whether something works, and pass where it should work and does not. */
    @Test
    void onlyHostAndKernelOfTheTestkitSkip() throws IOException {
        try (Stream<Path> files = Files.walk(TESTS)) {
            List<String> skipping = new ArrayList<>();
            for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
                if (!MAY_SKIP.contains(file.getFileName().toString()) && SKIPPING.matcher(Files.readString(file)).find()) {
                    skipping.add(file.toString());
                }
            }
            assertEquals(List.of(), skipping, "skip by a method of testkit.Host or testkit.Kernel, whose reasons are in " + SkipCheck.LIST);
        }
    }
}
