// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The house: imports point down only. */
@AnalyzeClasses(packages = "io.standpipe", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule importsPointDownOnly = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("cli").definedBy("io.standpipe.cli")
            .layer("agent").definedBy("io.standpipe.agent")
            .layer("crac").definedBy("io.standpipe.crac")
            .layer("core").definedBy("io.standpipe")
            .layer("procfs").definedBy("io.standpipe.procfs")
            .layer("image").definedBy("io.standpipe.image")
            .layer("objhash").definedBy("io.standpipe.objhash")
            .layer("bridge").definedBy("io.standpipe.bridge")
            .whereLayer("cli").mayNotBeAccessedByAnyLayer()
            .whereLayer("agent").mayOnlyBeAccessedByLayers("cli")
            .whereLayer("crac").mayNotBeAccessedByAnyLayer()
            .whereLayer("core").mayOnlyBeAccessedByLayers("cli", "agent", "crac")
            .whereLayer("procfs").mayOnlyBeAccessedByLayers("cli", "core")
            .whereLayer("image").mayOnlyBeAccessedByLayers("cli", "core")
            .whereLayer("objhash").mayOnlyBeAccessedByLayers("core", "image")
            .whereLayer("bridge").mayOnlyBeAccessedByLayers("core", "procfs");

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("io.standpipe.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule objectHashAndImageKnowNoNativeCode = noClasses()
            .that()
            .resideInAnyPackage("io.standpipe.objhash", "io.standpipe.image")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.standpipe.bridge", "org.bytedeco..");

    @ArchTest
    static final ArchRule nativesAreInOneClass = methods()
            .that()
            .haveModifier(JavaModifier.NATIVE)
            .should()
            .beDeclaredIn("io.standpipe.bridge.Native");

    @ArchTest
    static final ArchRule nativesAreSeenByTheBridgeOnly =
            classes().that().haveFullyQualifiedName("io.standpipe.bridge.Native").should().bePackagePrivate();

    @ArchTest
    static final ArchRule libraryDoesWithoutCrac = noClasses()
            .that()
            .resideOutsideOfPackage("io.standpipe.crac")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.crac..");

    @ArchTest
    static final ArchRule libraryDoesWithoutTheCommandsLibraries = noClasses()
            .that()
            .resideOutsideOfPackage("io.standpipe.cli")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("picocli..", "com.google.gson..", "me.tongfei..");
}
