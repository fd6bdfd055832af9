// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The house. */
@AnalyzeClasses(packages = "io.standpipe", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule nativesAreInOneClass = methods()
            .that()
            .haveModifier(JavaModifier.NATIVE)
            .should()
            .beDeclaredIn("io.standpipe.internal.jni.Native");

    @ArchTest
    static final ArchRule nativesAreCalledByTypedCallsOnly = noClasses()
            .that()
            .resideOutsideOfPackages("io.standpipe.internal.jni", "io.standpipe.internal.sys", "io.standpipe.pipe")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.standpipe.internal.jni.Native");

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
