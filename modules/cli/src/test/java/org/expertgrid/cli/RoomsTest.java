package org.expertgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The sources of all modules, also of those above this one: every package is a room in the table, of the size of a room. */
class RoomsTest {
    private static final Path MODULES = Path.of("..");
    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final int MOST_FILES = 20;
    private static final int MOST_LINES = 400;
    private static final Pattern IMPORT =
            Pattern.compile("^import (?:static )?(org\\.expertgrid(?:\\.[a-z]\\w*)*)\\.[A-Z]", Pattern.MULTILINE);

    /** Rooms with more files than a room should have, until they are divided. */
    private static final Map<String, Integer> LARGER = Map.of("org.expertgrid.kernels", 25);

    /** The module whose rooms still lack their package-info. */
    private static final String UNTOLD = "org.expertgrid.server";

    /** The paths of the source files below src/main/java, by package. */
    private static Map<String, List<Path>> filesByPackage;

    @BeforeAll
    static void findTheSources() throws IOException {
        filesByPackage = new TreeMap<>();
        for (Rooms rooms : Rooms.OF_ALL_MODULES) {
            Path sources = MODULES.resolve(rooms.module()).resolve(SOURCES);
            try (Stream<Path> files = Files.walk(sources)) {
                filesByPackage.putAll(files.filter(file -> file.toString().endsWith(".java"))
                        .collect(Collectors.groupingBy(file ->
                                sources.relativize(file.getParent()).toString().replace('/', '.'))));
            }
        }
    }

    @Test
    void everyPackageIsInTheTableAndEveryRoomOfTheTableIsAPackage() {
        List<String> table = Rooms.OF_ALL_MODULES.stream()
                .flatMap(rooms -> rooms.floors().stream()
                        .flatMap(floor -> floor.stream())
                        .map(room -> room.isEmpty() ? rooms.packageName() : rooms.packageName() + "." + room))
                .toList();
        assertThat(filesByPackage.keySet()).containsExactlyInAnyOrderElementsOf(table);
    }

    @Test
    void everyPackageTellsWhatItIs() {
        assertThat(filesByPackage.entrySet().stream()
                        .filter(entry ->
                                entry.getValue().stream().noneMatch(file -> file.endsWith("package-info.java")))
                        .map(Map.Entry::getKey)
                        .filter(name -> !name.startsWith(UNTOLD)))
                .isEmpty();
    }

    @Test
    void everyPackageHasTheSizeOfARoom() {
        assertThat(filesByPackage)
                .allSatisfy((name, files) -> assertThat(files.size())
                        .as("files of " + name)
                        .isLessThanOrEqualTo(LARGER.getOrDefault(name, MOST_FILES + 1)));
    }

    @Test
    void everyFileHasAtMostFourHundredLines() {
        assertThat(filesByPackage.values().stream()
                        .flatMap(List::stream)
                        .filter(file -> text(file).lines().count() > MOST_LINES))
                .isEmpty();
    }

    /** Imports that only a comment uses count too: a comment that points up is a riddle to a reader on a lower floor. */
    @Test
    void everyImportPointsToAFloorBelowOrToAnOpenRoomOfAnotherModule() {
        assertThat(filesByPackage.entrySet().stream()
                        .flatMap(entry -> entry.getValue().stream()
                                .flatMap(file -> IMPORT.matcher(text(file))
                                        .results()
                                        .map(found -> found.group(1))
                                        .filter(target -> !isAllowed(entry.getKey(), target))
                                        .map(target -> file + " imports " + target))))
                .isEmpty();
    }

    private static boolean isAllowed(String origin, String target) {
        Rooms from = Rooms.ofPackage(origin).orElseThrow();
        Optional<Rooms> to = Rooms.ofPackage(target);
        if (to.isPresent() && to.get().equals(from)) {
            return origin.equals(target) || from.floor(target) < from.floor(origin);
        }
        return to.isPresent() && to.get().isOpen(target);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
