// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.standpipe.testkit.CCode;
import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.TestJvm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the metadata for native-image names is there, and what the sources reach by JNI, by reflection or as a file of the jar is named. */
class ReachabilityMetadataTest {

    private static final Path SOURCES = Path.of("src/main/java");
    private static final Path CLASSES = Path.of("target/classes");
    private static final Path AGENT = Path.of("target/test-classes");
    private static final Path METADATA = CLASSES.resolve("META-INF/native-image/io.standpipe/standpipe/reachability-metadata.json");

    private static final Pattern FIELD = Pattern.compile("JniReflection\\.\\w+Field\\(\\s*\\w+, (\\w+)\\.class, \"(\\w+)\"");
    private static final Pattern LINK = Pattern.compile("Map\\.entry\\(\"([\\w.$]+)\", new Link\\(\"([\\w$]+)\"");
    private static final Pattern LOOKED_UP = Pattern.compile("jni (class|field|method) L?([\\w/$\\[]+);? (\\S+)");
    private static final Pattern JDK_CLASS = Pattern.compile("\"(sun\\.nio\\.ch\\.\\w+)\"");
    /** Not all versions of the JDK have these. */
    private static final Set<String> IN_SOME = Set.of("sun.nio.ch.ChannelOutputStream");
    private static final Pattern REFLECTION = Pattern.compile("Class\\.forName\\(|\\.getMethod\\(|\\.getDeclared(Methods|Fields|Constructors)\\(");

    private static JsonObject metadata() throws IOException {
        return JsonParser.parseString(Files.readString(METADATA)).getAsJsonObject();
    }

    /** Returns the names of types, and of their fields behind a dot. */
    private static Set<String> named() throws IOException {
        Set<String> named = new TreeSet<>();
        for (JsonElement each : metadata().getAsJsonArray("reflection")) {
            JsonObject entry = each.getAsJsonObject();
            String type = entry.get("type").getAsString();
            named.add(type);
            if (entry.has("fields")) {
                entry.getAsJsonArray("fields").forEach(
                        field -> named.add(type + "." + field.getAsJsonObject().get("name").getAsString()));
            }
        }
        return named;
    }

    private static Stream<MatchResult> matches(Pattern pattern) throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            StringBuilder all = new StringBuilder();
            for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
                all.append(Files.readString(file));
            }
            return pattern.matcher(all).results().toList().stream();
        }
    }

    @Test
    void everyTypeAndFieldThatIsNamedIsInThisJdk() throws Exception {
        for (JsonElement each : metadata().getAsJsonArray("reflection")) {
            JsonObject entry = each.getAsJsonObject();
            if (IN_SOME.contains(entry.get("type").getAsString())) {
                continue;
            }
            Class<?> type = Class.forName(entry.get("type").getAsString(), false, getClass().getClassLoader());
            if (entry.has("fields")) {
                for (JsonElement field : entry.getAsJsonArray("fields")) {
                    assertNotNull(type.getDeclaredField(field.getAsJsonObject().get("name").getAsString()));
                }
            }
        }
    }

    @Test
    void fieldsThatAreReadByJniAreNamed() throws Exception {
        Set<String> read = new TreeSet<>();
        matches(FIELD).forEach(match -> read.add(
                (match.group(1).equals("SocketImpl") ? "java.net." : "java.io.") + match.group(1) + "." + match.group(2)));
        matches(LINK).forEach(match -> read.add(match.group(1) + "." + match.group(2)));
        assertTrue(read.size() > 16, read::toString);
        read.removeAll(named());
        assertEquals(Set.of(), read, "fields that are missing in " + METADATA);
    }

    @Test
    void classesThatAreLookedUpByNameAreNamed() throws Exception {
        Set<String> lookedUp = new TreeSet<>();
        matches(JDK_CLASS).forEach(match -> lookedUp.add(match.group(1)));
        assertTrue(lookedUp.size() > 1, lookedUp::toString);
        lookedUp.removeAll(named());
        assertEquals(Set.of(), lookedUp, "classes that are missing in " + METADATA);
    }

    /** Another class that reflects has to be looked at, and what it reaches has to be named. */
    @Test
    void reflectionIsWhereItIsKnown() throws Exception {
        Set<String> reflecting = new TreeSet<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
                if (REFLECTION.matcher(Files.readString(file)).find()) {
                    reflecting.add(file.getFileName().toString());
                }
            }
        }
        // The agent is loaded by a JVM, not by an image; functions of C are called where a JVM has no directory for the library.
        assertEquals(
                Set.of("AgentEntry.java", "BlockedThreads.java", "CFunctions.java", "NamedLibrary.java", "SelectableChannels.java"), reflecting);
    }

    @Test
    void everyResourceThatIsNamedExistsAndNoneIsMissing() throws Exception {
        Set<String> unnamed = new TreeSet<>(Set.of("META-INF/standpipe-agent.jar", "io/standpipe/boot/AgentEntry.class"));
        try (Stream<Path> files = Files.walk(CLASSES.resolve("io/standpipe/internal/jni"))) {
            files.filter(file -> Files.isRegularFile(file) && !file.toString().endsWith(".class"))
                    .forEach(file -> unnamed.add(CLASSES.relativize(file).toString()));
        }
        for (String resource : unnamed) {
            assertTrue(Files.exists(CLASSES.resolve(resource)) || Files.exists(AGENT.resolve(resource)), resource);
        }
        for (JsonElement each : metadata().getAsJsonArray("resources")) {
            String glob = each.getAsJsonObject().get("glob").getAsString();
            boolean found = unnamed.removeIf(
                    resource -> FileSystems.getDefault().getPathMatcher("glob:" + glob).matches(Path.of(resource)));
            assertTrue(found, () -> glob + " matches nothing");
        }
        assertEquals(Set.of(), unnamed, "resources that are missing in " + METADATA);
    }

    /** As native-image's own agent would find it; that one comes with GraalVM alone. */
    @Test
    void whatIsLookedUpByJniWhileTheLibraryIsUsedIsNamed(@TempDir Path directory) throws Exception {
        String include = System.getProperty("java.home") + "/include";
        String source;
        try (InputStream in = getClass().getResourceAsStream("trace.c")) {
            source = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        Path agent = CCode.program(directory, source, "-shared", "-fPIC", "-I" + include, "-I" + include + "/linux");
        ChildRun run = TestJvm.run(List.of("-agentpath:" + agent), TracedHost.class, directory.toString());
        assertTrue(run.output().contains("done\n"), run::toString);
        Set<String> found = new TreeSet<>();
        Set<String> named = named();
        LOOKED_UP.matcher(run.output()).results().forEach(match -> {
            String type = match.group(2).replace('/', '.');
            found.add(match.group(1).equals("field") ? type + "." + match.group(3) : type);
        });
        assertTrue(found.contains("java.io.FileDescriptor.fd"), run::toString);
        found.removeAll(named);
        assertEquals(Set.of(), found, "looked up by JNI, and missing in " + METADATA);
    }
}
