import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Builds, tests and installs the checkout with Maven, on the JDK that runs this program. run.sh starts it.
 *
 * <pre>
 *   java tools/Build.java build cli                  builds a module and those that it uses, without tests and checks
 *   java tools/Build.java build benchmarks peers     the same, with the libraries that benchmarks compare with
 *   java tools/Build.java test cli,chaos 17=/a/jdk   builds; all tests on this JDK; those that depend on the JDK on that one
 *   java tools/Build.java test cli,chaos quick       builds; the quick tests on this JDK
 *   java tools/Build.java install                    the jars into the local Maven repository
 * </pre>
 *
 * <p>A lock on a file lets one process build at a time; the others wait. Modules may be an empty list. The exit code is 0 if all went
 * well, 1 if tests failed or their build did, 3 if another build failed.
 */
final class Build {
    private static final Path HOME = Path.of(System.getProperty("expertgrid.home"));
    private static final Path JDK = Path.of(System.getProperty("java.home"));
    private static final int FEATURE = Runtime.version().feature();

    /** The modules that no other module uses. */
    private static final Set<String> LAST_MODULES = Set.of("chaos", "benchmarks");

    /** The lines of Maven that are shown: the modules, and errors without advice about Maven. */
    private static final Pattern SHOWN = Pattern.compile(
            "\\[INFO] Building (?!jar: ).*|\\[ERROR] (?!\\[Help|To see|Re-run|For more|After| *mvn| *$).*");

    private Build() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> ProcessHandle.current().children().forEach(ProcessHandle::destroy),
                        "end Maven with this process"));
        int status;
        Path locked = Files.createDirectories(HOME.resolve(".expertgrid")).resolve("build.lock");
        try (FileChannel channel = FileChannel.open(locked, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lock(channel);
            List<String> operands = List.of(arguments).subList(1, arguments.length);
            switch (arguments[0]) {
                case "build" -> status = build(operands.get(0), operands.contains("peers")) ? 0 : 3;
                case "test" -> status = test(operands.get(0), operands.get(1));
                case "install" -> status = install() ? 0 : 3;
                default -> throw new IllegalArgumentException("command: " + arguments[0]);
            }
        }
        System.exit(status);
    }

    /** Locks until the channel is closed or this process ends. */
    private static void lock(FileChannel channel) throws IOException {
        if (channel.tryLock() == null) {
            System.err.println("Waiting for another process, which is building.");
            channel.lock();
        }
    }

    // --------------------------------------------------------------------------------------------------------- build

    /** Builds those of the modules (a list with commas) that no other process has built while this one waited for the lock. */
    private static boolean build(String modules, boolean peers) throws IOException, InterruptedException {
        List<String> outdated = new ArrayList<>();
        for (String module : modules.split(",")) {
            if (!module.isEmpty()
                    && isOutdated(module, distribution(module, peers).resolve("built"))) {
                outdated.add(module);
            }
        }
        if (outdated.isEmpty()) {
            return true;
        }
        System.err.println("Building Expertgrid with JDK " + FEATURE + " (" + JDK
                + "), since sources are newer than the last build:");
        FileTime time = FileTime.from(Instant.now());
        for (String module : outdated) {
            // Removed, not overwritten: members of a running cluster keep the jars that they have open.
            remove(distribution(module, peers));
        }
        String folders = "modules/" + String.join(",modules/", outdated);
        if (!quietMaven("-Pbenchmarks" + (peers ? ",peers" : ""), "-pl", folders, "-am", "package")) {
            System.err.println("The build failed: see the errors above.");
            return false;
        }
        for (String module : outdated) {
            Path distribution = distribution(module, peers);
            // The time when the build began, so that a source that was changed meanwhile counts as newer.
            Files.setLastModifiedTime(Files.createFile(distribution.resolve("built")), time);
            archiveClasses(distribution, JDK, FEATURE);
        }
        return true;
    }

    /** Returns whether a source is newer than a build. A folder's time changes when a file in it is removed. */
    private static boolean isOutdated(String module, Path stamp) throws IOException {
        if (!Files.exists(stamp)) {
            return true;
        }
        FileTime built = Files.getLastModifiedTime(stamp);
        List<Path> sources = new ArrayList<>(List.of(HOME.resolve("pom.xml")));
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(HOME.resolve("modules"))) {
            for (Path folder : modules) {
                if (folder.endsWith(module)
                        || !LAST_MODULES.contains(folder.getFileName().toString())) {
                    sources.addAll(List.of(
                            folder.resolve("pom.xml"), folder.resolve("src/main"), folder.resolve("src/peers")));
                }
            }
        }
        for (Path source : sources) {
            if (Files.exists(source)) {
                try (Stream<Path> newer = Files.find(
                        source,
                        Integer.MAX_VALUE,
                        (file, times) -> times.lastModifiedTime().compareTo(built) > 0)) {
                    if (newer.findAny().isPresent()) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static Path distribution(String module, boolean peers) {
        return HOME.resolve("modules")
                .resolve(module)
                .resolve(peers ? "target/peers/distribution" : "target/distribution");
    }

    /**
     * Writes the classes that a text on a cluster loads to an archive, with which each JVM starts with a third less work. A run that
     * fails writes none, and a JVM that cannot read the archive starts without it.
     */
    private static void archiveClasses(Path distribution, Path jdk, int feature)
            throws IOException, InterruptedException {
        Path archive = distribution.resolve("classes-" + feature + ".jsa");
        if (Files.exists(archive)) {
            return;
        }
        Path begun = distribution.resolve("classes-" + feature + ".begun");
        List<String> command =
                new ArrayList<>(List.of(jdk.resolve("bin/java").toString(), "@" + HOME + "/config/jvm.options"));
        if (feature >= 24) {
            command.add("@" + HOME + "/config/jvm-24.options");
        }
        command.addAll(List.of("-Dexpertgrid.home=" + HOME, "-cp", distribution.resolve("lib") + "/*"));
        // The run ends before what the second compiler makes would pay.
        command.addAll(List.of("-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-Xlog:disable", "-XX:ArchiveClassesAtExit=" + begun, "org.expertgrid.cli.Main"));
        command.addAll(List.of("generate", "--max-tokens", "16", "It was a"));
        Process run = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (run.waitFor() == 0 && Files.exists(begun)) {
            Files.move(begun, archive, StandardCopyOption.ATOMIC_MOVE);
        } else {
            Files.deleteIfExists(begun);
        }
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    // ---------------------------------------------------------------------------------------------------------- test

    /** Runs the tests and prints what TestSummary counts. The scope is "quick", "" or a second JDK as version=folder. */
    private static int test(String outdated, String scope) throws IOException, InterruptedException {
        if (!build(outdated, false)) {
            System.out.println("0 passed, 1 failed, 0 skipped");
            return 1;
        }
        List<String> summary = new ArrayList<>(
                List.of(JDK.resolve("bin/java").toString(), HOME + "/tools/TestSummary.java", HOME + "/modules"));
        if (scope.equals("quick")) {
            summary.add(FEATURE + "=" + runTests(JDK, FEATURE, "-P", "quick,!checks", "package"));
        } else {
            int status = runTests(JDK, FEATURE, "verify");
            summary.add(FEATURE + "=" + status);
            if (!scope.isEmpty() && status == 0) {
                int second = Integer.parseInt(scope.substring(0, scope.indexOf('=')));
                Path jdk = Path.of(scope.substring(scope.indexOf('=') + 1));
                // To the same phase: in an earlier one, modules see folders instead of jars, and are compiled anew.
                summary.add(second + "=" + runTests(jdk, second, "-P", "second-jdk,!checks", "package"));
            }
        }
        return new ProcessBuilder(summary).inheritIO().start().waitFor();
    }

    /** Runs Maven, whose tests run on the given JDK, and returns Maven's exit status. */
    private static int runTests(Path jdk, int feature, String... arguments) throws IOException, InterruptedException {
        archiveClasses(distribution("cli", false), jdk, feature);
        System.err.println("Testing on JDK " + feature + " (" + jdk + ")");
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(HOME.resolve("modules"))) {
            for (Path module : modules) {
                remove(module.resolve("target/surefire-reports-" + feature));
            }
        }
        ProcessBuilder maven = maven(arguments);
        maven.command()
                .addAll(List.of(
                        // The tests of cluster wait much, and those of decoder and server need a processor alone.
                        "-T2",
                        "-Djvm=" + jdk.resolve("bin/java"),
                        "-Dtest.jdk=" + feature,
                        "-Dmaven.test.failure.ignore=true"));
        maven.environment().put("EXPERTGRID_JAVA_HOME", jdk.toString());
        maven.environment().put("EXPERTGRID_BUILT", "yes");
        return maven.inheritIO().start().waitFor();
    }

    // ------------------------------------------------------------------------------------------------------- install

    private static boolean install() throws IOException, InterruptedException {
        System.err.println(
                "Installing Expertgrid into the local Maven repository, with JDK " + FEATURE + " (" + JDK + ")");
        if (!quietMaven("-Prelease-jars", "install")) {
            System.err.println("The installation failed: see the errors above.");
            return false;
        }
        Matcher version =
                Pattern.compile("<version>(.*?)</version>").matcher(Files.readString(HOME.resolve("pom.xml")));
        System.out.printf("""
                Installed, with sources and Javadoc. In the pom.xml of your project:

                    <dependency>
                        <groupId>org.expertgrid</groupId>
                        <artifactId>expertgrid-decoder</artifactId>
                        <version>%s</version>
                    </dependency>

                or expertgrid-cluster, for single layers on a cluster, or expertgrid-experts, for single layers in one JVM.
                """, version.find() ? version.group(1) : "of pom.xml");
        return true;
    }

    // --------------------------------------------------------------------------------------------------------- maven

    private static ProcessBuilder maven(String... arguments) {
        boolean found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "mvn")));
        List<String> command = new ArrayList<>(List.of(found ? "mvn" : "./mvnw", "-B", "-ntp"));
        command.addAll(List.of(arguments));
        ProcessBuilder maven = new ProcessBuilder(command).directory(HOME.toFile());
        maven.environment().put("JAVA_HOME", JDK.toString());
        if (FEATURE >= 24) {
            // JDK 24 and newer warn at each start about Maven's own libraries.
            String options = "--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ";
            maven.environment().merge("MAVEN_OPTS", options, (given, added) -> added + given);
        }
        return maven;
    }

    /** Runs Maven without tests and checks, and shows the modules and the errors alone. */
    private static boolean quietMaven(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = maven(arguments);
        builder.command().add("-Dfast");
        Process maven = builder.redirectErrorStream(true).start();
        try (BufferedReader lines = maven.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (SHOWN.matcher(line).matches()) {
                    System.err.println(line.replace("[INFO]", " "));
                }
            }
        }
        return maven.waitFor() == 0;
    }
}
