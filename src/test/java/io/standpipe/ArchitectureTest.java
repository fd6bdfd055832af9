// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The rules of docs/ARCHITECTURE.md. */
@AnalyzeClasses(packages = "io.standpipe", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    /** From the top down. Packages of one layer do not know each other. */
    private static final List<List<String>> LAYERS = List.of(
            List.of("io.standpipe.cli", "io.standpipe.boot"),
            List.of("io.standpipe.agent", "io.standpipe.crac", "io.standpipe.s3", "io.standpipe.cli.options", "io.standpipe.cli.criu"),
            List.of("io.standpipe"),
            List.of("io.standpipe.internal.live", "io.standpipe.internal.host"),
            List.of("io.standpipe.internal.inplace", "io.standpipe.internal.exec"),
            List.of("io.standpipe.internal.checkpoint", "io.standpipe.internal.restore"),
            List.of(
                    "io.standpipe.internal.store", "io.standpipe.internal.freeze", "io.standpipe.internal.jdk",
                    "io.standpipe.internal.observe", "io.standpipe.internal.s3"),
            List.of("io.standpipe.internal.pipes"),
            List.of("io.standpipe.internal.proc"),
            List.of("io.standpipe.internal.format"),
            List.of("io.standpipe.internal.sys"),
            List.of("io.standpipe.pipe"),
            List.of("io.standpipe.internal.jni"));

    private static final Path DESCRIPTOR = Path.of("src/main/java/module-info.java");
    private static final Path PAGE = Path.of("docs/ARCHITECTURE.md");
    private static final Path SOURCES = Path.of("src/main/java");
    private static final int MOST_LINES = 350;
    private static final int MOST_THIN_TYPES = 8;

    /** Where the sources of the API are. */
    private static final Set<Path> EXPORTED = Set.of(SOURCES.resolve("io/standpipe"), SOURCES.resolve("io/standpipe/pipe"),
            SOURCES.resolve("io/standpipe/agent"), SOURCES.resolve("io/standpipe/crac"));

    /** The types of io.standpipe that do something. All others are values, enums, exceptions and listeners, for every package to use. */
    private static final Set<String> FACADES = Set.of(
            "Checkpoint", "Drain", "HostCheck", "JavaDescriptor", "LiveEnds", "LivePipes", "Payload", "PipesInPlace",
            "Restore", "RestoredPipes", "RestoredProcesses", "Snapshot", "StartedCommand", "Swap");

    private static final DescribedPredicate<JavaClass> FACADE = describe(
            "a facade", type -> type.getPackageName().equals("io.standpipe") && FACADES.contains(outermost(type)));

    private static String outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type.getSimpleName());
    }

    @ArchTest
    static void importsPointDownOnly(JavaClasses all) {
        for (int layer = 0; layer < LAYERS.size(); layer++) {
            for (String name : LAYERS.get(layer)) {
                String[] above = LAYERS.subList(0, layer + 1).stream()
                        .flatMap(List::stream)
                        .filter(other -> !other.equals(name) && !other.equals("io.standpipe"))
                        .toArray(String[]::new);
                if (above.length > 0) {
                    noClasses().that().resideInAPackage(name)
                            .should().dependOnClassesThat().resideInAnyPackage(above)
                            .check(all);
                }
            }
        }
    }

    @ArchTest
    static void everyPackageHasALayer(JavaClasses all) {
        Set<String> packages = new TreeSet<>();
        all.forEach(type -> packages.add(type.getPackageName()));
        assertEquals(new TreeSet<>(LAYERS.stream().flatMap(List::stream).toList()), packages);
    }

    @ArchTest
    static final ArchRule internalKnowsNoFacade =
            noClasses().that().resideInAPackage("io.standpipe.internal..").should().dependOnClassesThat(FACADE);

    @ArchTest
    static final ArchRule valuesOfTheApiKnowNothingInternal = noClasses()
            .that(resideInAPackage("io.standpipe").and(DescribedPredicate.not(FACADE)))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.standpipe.internal..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("io.standpipe.(*..)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule formatKnowsNoNativeCode = noClasses()
            .that()
            .resideInAPackage("io.standpipe.internal.format")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.standpipe.internal.jni", "io.standpipe.internal.sys", "io.standpipe.pipe", "org.bytedeco..");

    /** A type of an exported package is for users; one that is not, is internal. */
    @ArchTest
    static void exportedPackagesHavePublicTypesOnly(JavaClasses all) throws IOException {
        for (String exported : exported()) {
            classes().that(resideInAPackage(exported).and(describe("top-level", type -> !type.isNestedClass())))
                    .and().doNotHaveSimpleName("package-info")
                    .should().bePublic()
                    .check(all);
        }
    }

    @ArchTest
    static void thinApiIsSmall(JavaClasses all) {
        Set<String> types = new TreeSet<>();
        all.that(resideInAPackage("io.standpipe.pipe")).forEach(type -> types.add(outermost(type)));
        types.remove("io.standpipe.pipe.package-info");
        assertTrue(types.size() <= MOST_THIN_TYPES, types::toString);
    }

    @ArchTest
    static void onlyTheApiIsExported(JavaClasses all) throws IOException {
        assertEquals(
                Set.of("io.standpipe", "io.standpipe.agent", "io.standpipe.crac", "io.standpipe.pipe", "io.standpipe.s3"), exported());
    }

    private static Set<String> exported() throws IOException {
        Set<String> exported = new TreeSet<>();
        Pattern.compile("exports ([\\w.]+);").matcher(Files.readString(DESCRIPTOR)).results()
                .map((MatchResult match) -> match.group(1))
                .forEach(exported::add);
        return exported;
    }

    @ArchTest
    static final ArchRule nativesAreInOneClass =
            methods().that().haveModifier(JavaModifier.NATIVE).should().beDeclaredIn("io.standpipe.internal.jni.Native");

    @ArchTest
    static final ArchRule nativesAreCalledByTypedCallsOnly = noClasses()
            .that()
            .resideOutsideOfPackages("io.standpipe.internal.jni", "io.standpipe.internal.sys", "io.standpipe.pipe")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.standpipe.internal.jni.Native");

    @ArchTest
    static final ArchRule procFilesAreReadInOneRoom = noClasses()
            .that()
            .resideOutsideOfPackages("io.standpipe.internal.proc", "io.standpipe.internal.freeze")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.standpipe.internal.proc.ProcFile");

    @ArchTest
    static final ArchRule errnoBecomesAnExceptionInOneRoom = noClasses()
            .that()
            .resideOutsideOfPackages("io.standpipe.internal.sys", "io.standpipe.pipe")
            .should()
            .callConstructorWhere(describe(
                    "of ErrnoException", call -> call.getTargetOwner().isAssignableTo("io.standpipe.pipe.ErrnoException")));

    @ArchTest
    static final ArchRule libraryDoesWithoutCrac = noClasses()
            .that()
            .resideOutsideOfPackage("io.standpipe.crac")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.crac..");

    @ArchTest
    static final ArchRule libraryDoesWithoutTheSdkOfS3 = noClasses()
            .that()
            .resideOutsideOfPackages("io.standpipe.s3", "io.standpipe.internal.s3")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon..");

    @ArchTest
    static final ArchRule libraryDoesWithoutTheCommandsLibraries = noClasses()
            .that()
            .resideOutsideOfPackage("io.standpipe.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.commons.cli..", "com.google.gson..");

    @ArchTest
    static final ArchRule protocolBuffersAreForImagesOfCriu = noClasses()
            .that()
            .resideOutsideOfPackage("io.standpipe.cli.criu")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.google.protobuf..");

    /** No caches and no pools. {@code ScratchMemory} is the one exception; what the agent holds is its purpose. */
    @ArchTest
    static final ArchRule nothingIsKeptInStaticFields = fields()
            .that(describe("static", field -> field.getModifiers().contains(JavaModifier.STATIC)
                    && !field.getOwner().getSimpleName().equals("ScratchMemory")
                    && !field.getName().equals("kept")))
            .should().beFinal()
            .andShould(ArchConditions.not(ArchConditions.haveRawType(describe(
                    "something that holds what changes",
                    type -> type.isAssignableTo(AutoCloseable.class)
                            || type.getPackageName().startsWith("java.util.concurrent")
                            || type.getPackageName().equals("java.lang.ref")
                            || type.isAssignableTo(ThreadLocal.class)))));

    @ArchTest
    static void noFileIsLongerThanAFewScreens(JavaClasses all) throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                // What users read about the API is not counted: it is to be complete.
                boolean isExported = EXPORTED.contains(file.getParent());
                long lines = Files.readAllLines(file).stream()
                        .filter(line -> !isExported || !line.strip().startsWith("*"))
                        .count();
                assertTrue(lines <= MOST_LINES, () -> file + " has " + lines + " lines, expected at most " + MOST_LINES);
            }
        }
    }

    @ArchTest
    static void everyClassOnThePageExists(JavaClasses all) throws IOException {
        Set<String> missing = new TreeSet<>();
        Pattern.compile("`([A-Z][a-z]\\w*[a-z])`").matcher(Files.readString(PAGE)).results()
                .map((MatchResult match) -> match.group(1))
                .forEach(missing::add);
        assertTrue(missing.size() > 20, missing.toString());
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            files.forEach(file -> missing.remove(file.getFileName().toString().replace(".java", "")));
        }
        assertEquals(Set.of(), missing);
    }
}
