// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The metadata for Gradle has the fields that its specification 1.1 has, and the dependencies that pom.xml has. */
class GradleModuleTest {

    private static final Path TEMPLATE = Path.of("toolchain/gradle-module.json");
    /** The command's own: no part of the library needs them. */
    private static final Set<String> OF_THE_COMMAND = Set.of(
            "commons-cli:commons-cli", "com.google.code.gson:gson", "com.google.protobuf:protobuf-java", "org.slf4j:slf4j-nop");
    private static final Set<String> JVM_ATTRIBUTES = Set.of(
            "org.gradle.category", "org.gradle.dependency.bundling", "org.gradle.jvm.version", "org.gradle.libraryelements",
            "org.gradle.usage");
    private static final Set<String> FILE_FIELDS = Set.of("name", "url", "size", "sha512", "sha256", "sha1", "md5");
    private static final Pattern NUMBER = Pattern.compile(": @(JVM|SIZE)@");

    private static JsonObject module() throws Exception {
        return JsonParser.parseString(NUMBER.matcher(Files.readString(TEMPLATE)).replaceAll(": 17")).getAsJsonObject();
    }

    private static Iterable<JsonObject> objects(JsonArray array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonElement::getAsJsonObject).toList();
    }

    private static Element pom() throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(Path.of("pom.xml").toFile()).getDocumentElement();
    }

    private static String text(Element element, String child) {
        NodeList found = element.getElementsByTagName(child);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }

    @Test
    void fieldsAreThoseOfTheSpecification() throws Exception {
        JsonObject module = module();
        assertEquals(Set.of("formatVersion", "component", "variants"), module.keySet());
        assertEquals("formatVersion", module.keySet().iterator().next());
        assertEquals("1.1", module.get("formatVersion").getAsString());
        assertEquals(Set.of("group", "module", "version", "attributes"), module.getAsJsonObject("component").keySet());
        Set<String> names = new HashSet<>();
        Set<JsonElement> files = new HashSet<>();
        for (JsonObject variant : objects(module.getAsJsonArray("variants"))) {
            assertTrue(names.add(variant.get("name").getAsString()), variant::toString);
            assertTrue(Set.of("name", "attributes", "dependencies", "files", "capabilities").containsAll(variant.keySet()), variant::toString);
            JsonObject attributes = variant.getAsJsonObject("attributes");
            assertEquals(JVM_ATTRIBUTES, attributes.keySet());
            assertTrue(attributes.getAsJsonPrimitive("org.gradle.jvm.version").isNumber());
            files.add(variant.get("files"));
        }
        assertEquals(1, files.size(), "there is one jar, for all variants");
        JsonObject file = files.iterator().next().getAsJsonArray().get(0).getAsJsonObject();
        assertEquals(FILE_FIELDS, file.keySet());
        assertTrue(file.getAsJsonPrimitive("size").isNumber());
    }

    /** Each feature can be asked for by a capability, to compile with and to run with. */
    @Test
    void libraryAndEachFeatureHaveBothUsages() throws Exception {
        Map<String, Set<String>> usages = new TreeMap<>();
        for (JsonObject variant : objects(module().getAsJsonArray("variants"))) {
            JsonArray capabilities = variant.getAsJsonArray("capabilities");
            String capability = capabilities == null ? "standpipe" : capabilities.get(0).getAsJsonObject().get("name").getAsString();
            String usage = variant.getAsJsonObject("attributes").get("org.gradle.usage").getAsString();
            assertTrue(usages.computeIfAbsent(capability, none -> new TreeSet<>()).add(usage), capability + " has " + usage + " twice");
            assertEquals(capability.equals("standpipe"), !variant.has("dependencies"), "the library alone needs nothing");
        }
        Set<String> both = Set.of("java-api", "java-runtime");
        assertEquals(Map.of("standpipe", both, "standpipe-crac", both, "standpipe-s3", both), usages);
    }

    @Test
    void featuresHaveTheOptionalDependenciesOfThePom() throws Exception {
        Set<String> inPom = new TreeSet<>();
        Element pom = pom();
        NodeList all = ((Element) pom.getElementsByTagName("dependencies").item(0)).getElementsByTagName("dependency");
        for (int i = 0; i < all.getLength(); i++) {
            Element dependency = (Element) all.item(i);
            String name = text(dependency, "groupId") + ":" + text(dependency, "artifactId");
            if (text(dependency, "optional").equals("true") && !OF_THE_COMMAND.contains(name)) {
                String version = text(dependency, "version");
                inPom.add(name + ":" + version.replaceAll("\\$\\{(\\w+)\\.version}", "$1") + " without " + excluded(dependency));
            }
        }
        Set<String> inModule = new TreeSet<>();
        for (JsonObject variant : objects(module().getAsJsonArray("variants"))) {
            if (variant.has("dependencies")) {
                for (JsonObject each : objects(variant.getAsJsonArray("dependencies"))) {
                    inModule.add(each.get("group").getAsString() + ":" + each.get("module").getAsString() + ":"
                            + each.getAsJsonObject("version").get("requires").getAsString().replace("@", "").toLowerCase(Locale.ROOT)
                            + " without " + excluded(each));
                }
            }
        }
        assertTrue(inPom.size() > 2, inPom::toString);
        assertEquals(inPom, inModule);
    }

    private static List<String> excluded(Element dependency) {
        Set<String> excluded = new TreeSet<>();
        NodeList exclusions = dependency.getElementsByTagName("exclusion");
        for (int i = 0; i < exclusions.getLength(); i++) {
            excluded.add(text((Element) exclusions.item(i), "artifactId"));
        }
        return List.copyOf(excluded);
    }

    private static List<String> excluded(JsonObject dependency) {
        Set<String> excluded = new TreeSet<>();
        if (dependency.has("excludes")) {
            objects(dependency.getAsJsonArray("excludes")).forEach(each -> excluded.add(each.get("module").getAsString()));
        }
        return List.copyOf(excluded);
    }
}
