package org.expertgrid.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The walls of the house: which module may use which, and who may know the libraries. */
class ArchitectureTest {

    /** Each module may use those before it. */
    private static final List<String> CHAIN =
            List.of("kernels", "experts", "checkpoints", "cluster", "decoder", "server", "cli", "chaos", "benchmarks");

    /** Private arrays that are filled when their class is loaded and only read afterwards. */
    private static final Set<String> NEVER_WRITTEN = Set.of(
            "org.expertgrid.kernels.WeightFormat.FP8_VALUES",
            "org.expertgrid.kernels.WeightFormat.MXFP4_VALUES",
            "org.expertgrid.kernels.WeightTile.NO_FLOATS",
            "org.expertgrid.kernels.WeightTile.NO_WORDS",
            "org.expertgrid.kernels.WeightTile.NO_DOUBLES",
            "org.expertgrid.checkpoints.npy.NpyHeader.MAGIC",
            "org.expertgrid.server.metrics.RegistryMeters.LONG",
            "org.expertgrid.server.metrics.RegistryMeters.SHORT",
            "org.expertgrid.decoder.tokens.Vocabulary.NOTHING",
            "org.expertgrid.decoder.tokens.TextStream.NOTHING",
            "org.expertgrid.decoder.tokens.Pieces.BYTE_OF_CHARACTER");

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
    void aDecoderDoesNotKnowTheClusterThatItsLayersMayLiveIn() {
        noClasses()
                .that()
                .resideInAPackage(packageOf("decoder"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(packageOf("cluster"))
                .check(ours);
    }

    @Test
    void onlyClusterAndTheModulesThatStartItUseHazelcast() {
        onlyIn("com.hazelcast..", "cluster", "cli", "chaos", "benchmarks");
    }

    @Test
    void hazelcastsInternalsAreUsedOnlyByTheWorkarounds() {
        noClasses()
                .that(not(resideInAPackage("org.expertgrid.cluster.workarounds")))
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
    void everyRoomUsesOnlyTheFloorsBelowIt() {
        assertThat(dependencies()
                        .filter(ArchitectureTest::staysInItsModule)
                        .filter(dependency -> !goesDown(dependency))
                        .map(Dependency::getDescription))
                .isEmpty();
    }

    @Test
    void otherModulesUseOnlyTheRoomsThatAreOpen() {
        assertThat(dependencies()
                        .filter(dependency -> !staysInItsModule(dependency))
                        .filter(dependency ->
                                !isOpen(dependency.getTargetClass().getBaseComponentType()))
                        .map(Dependency::getDescription))
                .isEmpty();
    }

    /** Records and exceptions have public methods that Java asks for; they mention the same types. */
    @Test
    void publicMethodsOfOpenRoomsMentionOnlyTypesOfOpenRooms() {
        Stream<String> hidden = ours.stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC) && isOpen(type))
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
                .flatMap(method -> Stream.concat(
                                Stream.of(method.getRawReturnType()), method.getRawParameterTypes().stream())
                        .filter(type -> !isOpen(type.getBaseComponentType()))
                        .map(type -> method.getFullName() + " mentions " + type.getName()));
        assertThat(hidden).isEmpty();
    }

    private static Stream<Dependency> dependencies() {
        return ours.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(dependency -> Rooms.ofPackage(targetPackage(dependency)).isPresent());
    }

    private static boolean staysInItsModule(Dependency dependency) {
        return Rooms.ofPackage(dependency.getOriginClass().getPackageName())
                .equals(Rooms.ofPackage(targetPackage(dependency)));
    }

    private static boolean goesDown(Dependency dependency) {
        String origin = dependency.getOriginClass().getPackageName();
        String target = targetPackage(dependency);
        Rooms rooms = Rooms.ofPackage(origin).orElseThrow();
        return origin.equals(target) || rooms.floor(target) < rooms.floor(origin);
    }

    private static String targetPackage(Dependency dependency) {
        return dependency.getTargetClass().getBaseComponentType().getPackageName();
    }

    /** Returns whether a type is not ours, or in a room that other modules may use. */
    private static boolean isOpen(JavaClass type) {
        return Rooms.ofPackage(type.getPackageName())
                .map(rooms -> rooms.isOpen(type.getPackageName()))
                .orElse(true);
    }

    @Test
    void decoderAndServerDoNotKnowTheCluster() {
        noClasses()
                .that()
                .resideInAnyPackage(packageOf("decoder"), packageOf("server"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(packageOf("cluster"))
                .check(ours);
    }

    @Test
    void theTokenizerLibraryIsKnownToOneRoom() {
        noClasses()
                .that(not(resideInAPackage("org.expertgrid.decoder.tokens")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl..")
                .check(ours);
    }

    @Test
    void picocliIsKnownOnlyToTheCommandLine() {
        onlyIn("picocli..", "cli", "chaos", "benchmarks");
    }

    @Test
    void jacksonIsKnownOnlyToModulesThatReadOrWriteJson() {
        onlyIn("com.fasterxml.jackson..", "checkpoints", "decoder", "server", "cli", "chaos", "benchmarks");
    }

    @Test
    void ojAlgoIsKnownOnlyToTheKernels() {
        onlyIn("org.ojalgo..", "kernels", "benchmarks");
    }

    @Test
    void theIncubatorModuleIsKnownToTheVectorKernels() {
        noClasses()
                .that(not(resideInAPackage("org.expertgrid.kernels.vector..")))
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
        assertThat(ours.stream()
                        .flatMap(type -> type.getFields().stream())
                        .filter(field -> field.getModifiers().contains(JavaModifier.STATIC)
                                // what javac adds, for an assert or a switch
                                && !field.getModifiers().contains(JavaModifier.SYNTHETIC)
                                && !field.getOwner().getName().equals("org.expertgrid.kernels.choice.KernelsChoice"))
                        .filter(field -> !NEVER_WRITTEN.contains(field.getFullName()))
                        .filter(field ->
                                !field.getModifiers().contains(JavaModifier.FINAL) || !isImmutable(field.getRawType()))
                        .map(JavaField::getFullName))
                .isEmpty();
    }

    /** An array or a collection class can be changed by whoever has it; List, Map and Set stand for unmodifiable ones. */
    private static boolean isImmutable(JavaClass type) {
        return !type.isArray()
                && !(type.isAssignableTo(Collection.class) && !type.isInterface())
                && !(type.isAssignableTo(Map.class) && !type.isInterface())
                && !type.getPackageName().equals("java.util.concurrent.atomic");
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
