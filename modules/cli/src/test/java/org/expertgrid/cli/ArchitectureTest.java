package org.expertgrid.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The walls of the house: which module may use which, and who may know the libraries. */
class ArchitectureTest {

    /** Each module may use those before it. */
    private static final List<String> CHAIN =
            List.of("kernels", "experts", "checkpoints", "cluster", "cli", "chaos", "benchmarks");

    private static JavaClasses ours;

    @BeforeAll
    static void readTheClasses() {
        ours = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.expertgrid");
    }

    @Test
    void everyClassLivesInItsModulesPackage() {
        classes().should().resideInAnyPackage(packages(CHAIN)).check(ours);
    }

    @Test
    void allModulesBelowThisOneAreRead() {
        for (String module : CHAIN.subList(0, CHAIN.indexOf("cli"))) {
            assertThat(ours.that(resideInAPackage(packageOf(module))))
                    .as(module)
                    .isNotEmpty();
        }
    }

    @Test
    void modulesUseOnlyThoseToTheirLeft() {
        for (int i = 0; i < CHAIN.size() - 1; i++) {
            noClasses()
                    .that()
                    .resideInAPackage(packageOf(CHAIN.get(i)))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(packages(CHAIN.subList(i + 1, CHAIN.size())))
                    .allowEmptyShould(true)
                    .check(ours);
        }
    }

    @Test
    void hazelcastIsKnownOnlyToClusterAndThoseWhoPutItToUse() {
        onlyIn("com.hazelcast..", "cluster", "cli", "chaos", "benchmarks");
    }

    @Test
    void whatIsNotHazelcastsPublicInterfaceIsKnownOnlyToThoseWhoSayWhy() {
        noClasses()
                .that()
                .resideInAPackage(packageOf("cluster"))
                .and()
                .haveNameNotMatching(".*\\.(UnansweredConnections|MigrationPause|ModelStore)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "com.hazelcast.internal..",
                        "com.hazelcast.instance.impl..",
                        "com.hazelcast.spi.impl..",
                        "com.hazelcast.client.impl..")
                .check(ours);
    }

    @Test
    void picocliIsKnownOnlyToTheCommandLine() {
        onlyIn("picocli..", "cli", "chaos", "benchmarks");
    }

    @Test
    void jacksonIsKnownOnlyToCheckpointsAndTheCommandLine() {
        onlyIn("com.fasterxml.jackson..", "checkpoints", "cli", "chaos", "benchmarks");
    }

    @Test
    void ojAlgoIsKnownOnlyToTheKernels() {
        onlyIn("org.ojalgo..", "kernels", "benchmarks");
    }

    @Test
    void theIncubatorModuleIsKnownToOneRoom() {
        noClasses()
                .that(not(resideInAPackage("org.expertgrid.kernels.vector")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator..")
                .check(ours);
    }

    @Test
    void noPackageIsADrawerForAnything() {
        noClasses()
                .should()
                .resideInAnyPackage("..common..", "..util..", "..utils..", "..api..", "..impl..", "..internal..")
                .check(ours);
    }

    @Test
    void namesSayWhatAClassIs() {
        noClasses()
                .should()
                .haveNameMatching(".*(Impl|Util|Utils|Helper|Manager)")
                .orShould()
                .haveNameMatching(".*[.$](Abstract|Base)[A-Z].*")
                .check(ours);
    }

    @Test
    void nothingStaticIsMutableButTheChoiceOfKernels() {
        fields().that()
                .areStatic()
                .and()
                .areNotDeclaredIn("org.expertgrid.kernels.choice.KernelsChoice")
                .and()
                // what javac adds, for an assert or a switch
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should()
                .beFinal()
                .allowEmptyShould(true)
                .check(ours);
    }

    private static void onlyIn(String library, String... modules) {
        noClasses()
                .that(not(resideInAnyPackage(packages(List.of(modules)))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(ours);
    }

    private static String[] packages(List<String> modules) {
        return modules.stream().map(ArchitectureTest::packageOf).toArray(String[]::new);
    }

    private static String packageOf(String module) {
        return "org.expertgrid." + module + "..";
    }
}
