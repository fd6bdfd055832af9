// SPDX-License-Identifier: Apache-2.0
// Compares the tests that were skipped with the list of those that may be skipped.
//
//     java CheckSkips.java [--where TAG,TAG...] LIST RESULT...                       of the machine and the user that runs this
//     java CheckSkips.java --kernel VERSION --where TAG,TAG... LIST RESULT...        of another machine, with these tags alone
//
// LIST is skips.tsv, which describes its columns. A RESULT is a JUnit report in XML, a directory of such reports, or a text with a line
// for each test: "ok NAME", "FAILED NAME", "skipped NAME: REASON", "lacking NAME", as the C tests of the shim print them, or "SKIP NAME:
// REASON" of a command script, and "ran N tests" behind the last one, without which the run was cut short.
//
// Prints each skip that is not allowed and a summary. The exit status is 1 if a skip is not allowed, a test failed, or a result has no
// tests or is cut short; 2 if the list or the arguments are wrong.

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

public final class CheckSkips {

    private int passed;
    private int allowed;
    private int notAllowed;
    private int failed;
    private int unusable;
    private final Host host;
    private final List<Rule> rules;

    private CheckSkips(Host host, List<Rule> rules) {
        this.host = host;
        this.rules = rules;
    }

    public static void main(String[] args) {
        try {
            System.exit(run(new ArrayList<>(List.of(args))));
        } catch (IllegalArgumentException | IOException e) {
            System.err.println("CheckSkips: " + (e instanceof IllegalArgumentException ? e.getMessage() : e));
            System.exit(2);
        }
    }

    private static int run(List<String> arguments) throws IOException {
        String kernel = option(arguments, "--kernel");
        String where = option(arguments, "--where");
        if (kernel != null && where == null || arguments.size() < 2 || arguments.get(0).startsWith("-")) {
            throw new IllegalArgumentException("usage: java CheckSkips.java [[--kernel VERSION] --where TAG,TAG...] LIST RESULT...");
        }
        Set<String> tags = where == null ? Set.of() : new TreeSet<>(List.of(where.split(",")));
        Host host = kernel == null ? new ThisHost(tags) : new NamedHost(Kernel.parse(kernel), tags);
        List<Rule> rules = Rule.readAll(Path.of(arguments.get(0)));
        CheckSkips check = new CheckSkips(host, rules);
        for (String result : arguments.subList(1, arguments.size())) {
            check.read(Path.of(result));
        }
        System.out.printf("%d passed, %d skipped as allowed, %d not allowed, %d failed%n",
                check.passed, check.allowed, check.notAllowed, check.failed);
        return check.notAllowed + check.failed + check.unusable == 0 ? 0 : 1;
    }

    /** Removes an option and its value from the arguments; returns the value, null where the option is not given. */
    private static String option(List<String> arguments, String name) {
        int at = arguments.indexOf(name);
        if (at < 0 || at + 1 == arguments.size()) {
            return null;
        }
        arguments.remove(at);
        return arguments.remove(at);
    }

    private void read(Path result) throws IOException {
        int before = passed + allowed + notAllowed + failed;
        if (Files.isDirectory(result)) {
            List<Path> reports;
            try (Stream<Path> files = Files.list(result)) {
                reports = files.filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml")).sorted().toList();
            }
            for (Path report : reports) {
                readReport(report);
            }
        } else if (result.toString().endsWith(".xml")) {
            readReport(result);
        } else {
            readText(result);
        }
        if (passed + allowed + notAllowed + failed == before) {
            refuse(result + ": it has the result of no test");
        }
    }

    private void refuse(String problem) {
        unusable++;
        System.out.println(problem);
    }

    // ---- JUnit

    private void readReport(Path report) throws IOException {
        NodeList tests = parse(report).getElementsByTagName("testcase");
        for (int i = 0; i < tests.getLength(); i++) {
            Element test = (Element) tests.item(i);
            // What follows the name of the method differs between launchers: parameters, the number of the invocation.
            String method = test.getAttribute("name").split("[^\\w$]", 2)[0];
            String name = "junit:" + test.getAttribute("classname") + (method.isEmpty() ? "" : "#" + method);
            Element skipped = child(test, "skipped");
            if (child(test, "failure") != null || child(test, "error") != null) {
                fail(name, report);
            } else if (skipped == null) {
                passed++;
            } else {
                String said = skipped.getAttribute("message").isEmpty() ? skipped.getTextContent() : skipped.getAttribute("message");
                skip(name, said.strip().lines().findFirst().orElse("")
                        .replaceFirst("^parent was skipped: ", "") // by the console launcher, of each test of a class
                        .replaceFirst("^org\\.opentest4j\\.TestAbortedException: ", "")
                        .replaceFirst("^Assumption failed: ", ""), report);
            }
        }
    }

    private static Document parse(Path report) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder().parse(report.toFile());
        } catch (Exception e) {
            throw new IOException(report + ": not a JUnit report: " + e.getMessage(), e);
        }
    }

    private static Element child(Element parent, String name) {
        NodeList found = parent.getElementsByTagName(name);
        return found.getLength() == 0 ? null : (Element) found.item(0);
    }

    // ---- C tests and command scripts

    private static final Pattern LINE = Pattern.compile("(ok|FAILED|FAIL|skipped|SKIP|lacking) (\\S.*)");
    private static final Pattern END = Pattern.compile("ran (\\d+) tests.*");

    /** A console log may hold several runs, and other lines. */
    private void readText(Path text) throws IOException {
        int open = 0;
        for (String line : new String(Files.readAllBytes(text), StandardCharsets.ISO_8859_1).lines().map(String::strip).toList()) {
            Matcher test = LINE.matcher(line);
            Matcher end = END.matcher(line);
            if (test.matches()) {
                open++;
                readLine(test.group(1), test.group(2), text);
            } else if (end.matches()) {
                if (Integer.parseInt(end.group(1)) != open) {
                    refuse(text + ": \"" + line + "\" behind the results of " + open + " tests");
                }
                open = 0;
            }
        }
        if (open > 0) {
            refuse(text + ": no line \"ran N tests\" behind the last " + open + " tests: the run was cut short");
        }
    }

    private void readLine(String outcome, String rest, Path text) {
        String[] parts = rest.split(": ", 2);
        String name = (parts[0].startsWith("sp_") ? "c:" : "cmd:") + parts[0];
        String reason = outcome.equals("lacking") ? "lacking" : parts.length == 1 ? "" : parts[1];
        switch (outcome) {
            case "ok" -> passed++;
            case "FAIL", "FAILED" -> fail(name, text);
            default -> skip(name, reason, text);
        }
    }

    // ---- verdicts

    private void fail(String name, Path where) {
        failed++;
        System.out.println(where + ": " + name + " failed");
    }

    private void skip(String name, String reason, Path where) {
        if (rules.stream().anyMatch(rule -> rule.allows(host, name, reason))) {
            allowed++;
            return;
        }
        notAllowed++;
        System.out.printf("%s: %s was skipped: %s%n    On Linux %s (%s) the list does not allow that. If it is right, add the line:%n    %s%n",
                where, name, reason.isEmpty() ? "no reason is given" : reason, host.kernel(), host,
                String.join("\t", host.kernel().toString(), "*", name, reason));
    }

    /** A line of the list. */
    private record Rule(String kernels, List<String> where, Pattern test, Pattern why) {

        private static final Pattern KERNELS = Pattern.compile("\\*|(<|<=|>=|>|)(\\d+\\.\\d+)");
        private static final Pattern TEST = Pattern.compile("(c|junit|cmd):\\S.*");

        static List<Rule> readAll(Path list) throws IOException {
            List<Rule> rules = new ArrayList<>();
            int number = 0;
            for (String line : Files.readAllLines(list)) {
                number++;
                if (!line.isBlank() && !line.startsWith("#")) {
                    try {
                        rules.add(of(line));
                    } catch (IllegalArgumentException e) {
                        throw new IllegalArgumentException(list + ":" + number + ": " + e.getMessage());
                    }
                }
            }
            return rules;
        }

        private static Rule of(String line) {
            String[] columns = line.split("\t");
            if (columns.length != 4) {
                throw new IllegalArgumentException("expected 4 columns, kernels, where, test and why, found " + columns.length);
            }
            for (String kernels : columns[0].split(",")) {
                if (!KERNELS.matcher(kernels).matches()) {
                    throw new IllegalArgumentException("kernels: expected * or conditions such as >=5.10,<6.15, found " + columns[0]);
                }
            }
            List<String> where = columns[1].equals("*") ? List.of() : List.of(columns[1].split(","));
            where.forEach(Host::requireKnown);
            if (!TEST.matcher(columns[2]).matches()) {
                throw new IllegalArgumentException("test: expected c:, junit: or cmd: and a name, found " + columns[2]);
            }
            return new Rule(columns[0], where, testPattern(columns[2]), glob(columns[3]));
        }

        /** A class of JUnit may be named without its package, and stands for all its methods. */
        private static Pattern testPattern(String test) {
            if (!test.startsWith("junit:")) {
                return glob(test);
            }
            String name = glob(test.substring("junit:".length())).pattern();
            return Pattern.compile("junit:([\\w.]+\\.)?" + name + (test.contains("#") ? "" : "(#.*)?"));
        }

        private static Pattern glob(String text) {
            return Pattern.compile(Arrays.stream(text.split("\\*", -1)).map(Pattern::quote).reduce((a, b) -> a + ".*" + b).orElse(""));
        }

        boolean allows(Host host, String name, String reason) {
            return test.matcher(name).matches()
                    && why.matcher(reason).matches()
                    && Arrays.stream(kernels.split(",")).allMatch(condition -> holds(condition, host.kernel()))
                    && where.stream().allMatch(host::holds);
        }

        private static boolean holds(String condition, Kernel kernel) {
            Matcher parts = KERNELS.matcher(condition);
            if (!parts.matches() || condition.equals("*")) {
                return true;
            }
            int order = kernel.compareTo(Kernel.parse(parts.group(2)));
            return switch (parts.group(1)) {
                case "<" -> order < 0;
                case "<=" -> order <= 0;
                case ">" -> order > 0;
                case ">=" -> order >= 0;
                default -> order == 0;
            };
        }
    }

    /** The first two numbers of a release of Linux. */
    private record Kernel(int major, int minor) implements Comparable<Kernel> {

        static Kernel parse(String release) {
            Matcher numbers = Pattern.compile("(\\d+)\\.(\\d+).*").matcher(release.strip());
            if (!numbers.matches()) {
                throw new IllegalArgumentException("kernel: expected a version such as 6.15, found " + release);
            }
            return new Kernel(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)));
        }

        @Override
        public int compareTo(Kernel other) {
            return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
        }

        @Override
        public String toString() {
            return major + "." + minor;
        }
    }

    /** What the tests ran on. */
    private abstract static class Host {

        private static final Set<String> TAGS = Set.of("root", "user", "x86-64", "arm64", "ptrace-scope", "no-cgroup1", "no-cgroup2",
                "no-userns", "no-user-userns", "chroot", "pid-namespace", "user-namespace", "seccomp", "guest", "container", "qemu-user", "valgrind");
        private static final Set<String> FAMILIES = Set.of("without", "nojdk", "nofile", "nocap", "noconfig");

        private final Kernel kernel;
        private final Set<String> tags;

        Host(Kernel kernel, Set<String> tags) {
            this.kernel = kernel;
            this.tags = new TreeSet<>(tags);
            tags.forEach(Host::requireKnown);
        }

        final Kernel kernel() {
            return kernel;
        }

        final Set<String> tags() {
            return tags;
        }

        boolean holds(String tag) {
            return tags.contains(tag);
        }

        static void requireKnown(String tag) {
            int colon = tag.indexOf(':');
            if (colon < 0 ? !TAGS.contains(tag) : !FAMILIES.contains(tag.substring(0, colon))) {
                throw new IllegalArgumentException("where: expected tags of " + new TreeSet<>(TAGS) + ", or of " + new TreeSet<>(FAMILIES)
                        + " with a colon and a name, found " + tag);
            }
        }

        @Override
        public final String toString() {
            return String.join(",", tags);
        }
    }

    /** A machine of which only the given tags hold, root and x86-64 among them unless user and arm64 are given. */
    private static final class NamedHost extends Host {

        NamedHost(Kernel kernel, Set<String> tags) {
            super(kernel, tags);
            if (!tags.contains("user")) {
                tags().add("root");
            }
            if (!tags.contains("arm64")) {
                tags().add("x86-64");
            }
        }
    }

    /** This machine, and the user and the PATH of this process. */
    private static final class ThisHost extends Host {

        private static final Map<String, Integer> CAPABILITIES = Map.of("chown", 0, "setpcap", 8, "sys_admin", 21, "sys_resource", 24);
        private static final Path RELEASE = Path.of("/proc/sys/kernel/osrelease");

        ThisHost(Set<String> given) throws IOException {
            super(Kernel.parse(Files.readString(RELEASE)), given);
            for (String tag : TAGS_OF_MACHINES) {
                if (isSo(tag)) {
                    tags().add(tag);
                }
            }
        }

        private static final List<String> TAGS_OF_MACHINES = List.of("root", "user", "x86-64", "arm64", "ptrace-scope", "no-cgroup1",
                "no-cgroup2", "no-userns", "no-user-userns", "chroot", "pid-namespace", "user-namespace", "seccomp");

        @Override
        boolean holds(String tag) {
            try {
                return super.holds(tag) || tag.contains(":") && isSo(tag);
            } catch (IOException e) {
                throw new IllegalArgumentException("cannot find out whether " + tag + " holds here: " + e);
            }
        }

        private static boolean isSo(String tag) throws IOException {
            int colon = tag.indexOf(':');
            String name = tag.substring(colon + 1);
            return switch (colon < 0 ? tag : tag.substring(0, colon)) {
                case "root" -> isRoot();
                case "user" -> !isRoot();
                case "arm64" -> System.getProperty("os.arch").equals("aarch64");
                case "x86-64" -> System.getProperty("os.arch").equals("amd64");
                case "ptrace-scope" -> !isSetTo("0", "/proc/sys/kernel/yama/ptrace_scope");
                case "no-cgroup1" -> !isMounted(" - cgroup .*\\bfreezer\\b");
                case "no-cgroup2" -> !isMounted(" - cgroup2 ");
                case "no-userns" -> !hasUserNamespaces();
                case "no-user-userns" -> !hasUserNamespaces() || !mayUsersMakeNamespaces();
                case "chroot" -> !has("/proc/self/mountinfo", "^(\\S+ ){4}/ ");
                case "pid-namespace" -> !Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString().equals("pid:[4026531836]");
                case "user-namespace" -> !has("/proc/self/uid_map", "4294967295$") || !has("/proc/self/gid_map", "4294967295$");
                case "seccomp" -> !has("/proc/self/status", "^Seccomp:\\s*0");
                case "without" -> Stream.of(System.getenv("PATH").split(":")).noneMatch(each -> Files.isExecutable(Path.of(each, name)));
                case "nojdk" -> !hasJdk(name);
                case "nofile" -> !Files.exists(Path.of(name));
                case "nocap" -> !hasCapability(name);
                case "noconfig" -> isConfiguredWithout("CONFIG_" + name);
                default -> false; // is given by --where
            };
        }

        private static boolean hasJdk(String version) throws IOException {
            Path directory = Path.of("/usr/lib/jvm");
            List<Path> homes = List.of(Path.of(System.getProperty("java.home")));
            if (Files.isDirectory(directory)) {
                try (Stream<Path> files = Files.list(directory)) {
                    homes = Stream.concat(homes.stream(), files).toList();
                }
            }
            for (Path home : homes) {
                if (Files.isReadable(home.resolve("release")) && has(home.resolve("release").toString(), "^JAVA_VERSION=\"" + version + "\\b")) {
                    return true;
                }
            }
            return false;
        }

        private static boolean isRoot() throws IOException {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        }

        private static boolean hasCapability(String name) throws IOException {
            if (!CAPABILITIES.containsKey(name)) {
                throw new IllegalArgumentException("where: expected a capability of " + CAPABILITIES.keySet() + ", found " + name);
            }
            String effective = Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("CapEff:")).findFirst().orElseThrow().substring("CapEff:".length()).strip();
            return (Long.parseUnsignedLong(effective, 16) >>> CAPABILITIES.get(name) & 1) == 1;
        }

        private static boolean isMounted(String type) throws IOException {
            Pattern compiled = Pattern.compile(type);
            return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                    .anyMatch(line -> compiled.matcher(line).find() && Files.isWritable(Path.of(line.split(" ")[4])));
        }

        private static boolean hasUserNamespaces() throws IOException {
            return Files.exists(Path.of("/proc/self/ns/user")) && !isSetTo("0", "/proc/sys/user/max_user_namespaces")
                    && (isRoot() || mayUsersMakeNamespaces());
        }

        private static boolean mayUsersMakeNamespaces() throws IOException {
            return isSetTo("1", "/proc/sys/kernel/unprivileged_userns_clone")
                    && isSetTo("0", "/proc/sys/kernel/apparmor_restrict_unprivileged_userns");
        }

        /** Returns whether a setting has a value; of one that the kernel does not have, that is so. */
        private static boolean isSetTo(String value, String file) throws IOException {
            return !Files.exists(Path.of(file)) || Files.readAllLines(Path.of(file)).get(0).strip().equals(value);
        }

        /** A configuration that is not published is none without the option. */
        private static boolean isConfiguredWithout(String option) throws IOException {
            Path compressed = Path.of("/proc/config.gz");
            Path installed = Path.of("/boot/config-" + Files.readString(RELEASE).strip());
            if (Files.exists(compressed)) {
                try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(compressed))) {
                    return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().noneMatch(line -> line.startsWith(option + "="));
                }
            }
            return Files.isReadable(installed) && !has(installed.toString(), "^" + option + "=");
        }

        private static boolean has(String file, String pattern) throws IOException {
            Pattern compiled = Pattern.compile(pattern);
            return Files.readAllLines(Path.of(file)).stream().anyMatch(line -> compiled.matcher(line).find());
        }
    }
}
