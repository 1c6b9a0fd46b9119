import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Prints each test that failed or was skipped, the counts of each run, and as the last line {@code N passed, N failed, N skipped}.
 *
 * <pre>
 *   java tools/TestSummary.java modules 25=0 17=0
 * </pre>
 *
 * <p>The first argument is the folder of the modules. Each further argument is a run: the version of its JDK, which is also the
 * suffix of its folders of Surefire reports, and the exit status of its Maven. A run whose Maven failed counts as one failure. So
 * does a module with tests of which the first run, which is of all tests, ran none. The exit code is 0 if tests passed and none
 * failed, 1 otherwise.
 */
final class TestSummary {
    private static final int LONGEST_MESSAGE = 300;

    private final String run;
    private final List<String> remarks = new ArrayList<>();
    private int passed;
    private int failed;
    private int skipped;

    private TestSummary(String run) {
        this.run = run;
    }

    public static void main(String[] arguments) {
        Path modules = Path.of(arguments[0]);
        List<TestSummary> runs = new ArrayList<>();
        for (String argument : List.of(arguments).subList(1, arguments.length)) {
            String[] jdkAndStatus = argument.split("=");
            runs.add(of(modules, jdkAndStatus[0], !jdkAndStatus[1].equals("0"), runs.isEmpty()));
        }
        System.out.println();
        runs.forEach(run -> run.remarks.forEach(System.out::println));
        runs.forEach(run -> System.out.println("JDK " + run.run + ": " + run.counts()));
        TestSummary all = new TestSummary("all");
        runs.forEach(all::add);
        System.out.println(all.counts());
        System.exit(all.failed == 0 && all.passed > 0 ? 0 : 1);
    }

    private static TestSummary of(Path modules, String jdk, boolean mavenFailed, boolean complete) {
        TestSummary summary = new TestSummary(jdk);
        if (mavenFailed) {
            summary.fail("Maven failed: see its errors above");
        }
        for (Path module : list(modules, "*")) {
            List<Path> reports = list(module.resolve("target/surefire-reports-" + jdk), "TEST-*.xml");
            reports.forEach(summary::read);
            if (complete && !mavenFailed && reports.isEmpty() && Files.isDirectory(module.resolve("src/test/java"))) {
                summary.fail("no test of module " + module.getFileName() + " ran");
            }
        }
        return summary;
    }

    private static List<Path> list(Path folder, String pattern) {
        List<Path> paths = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, pattern)) {
                stream.forEach(paths::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        paths.sort(null);
        return paths;
    }

    private void read(Path report) {
        try (InputStream file = Files.newInputStream(report)) {
            XMLStreamReader xml = XMLInputFactory.newDefaultFactory().createXMLStreamReader(file);
            String test = "";
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT) {
                    switch (xml.getLocalName()) {
                        case "testcase" -> {
                            test = attribute(xml, "classname") + "." + attribute(xml, "name");
                            passed++;
                        }
                        case "failure", "error" -> {
                            passed--;
                            fail(test + ": " + attribute(xml, "message"));
                        }
                        case "skipped" -> {
                            passed--;
                            skipped++;
                            String reason = attribute(xml, "message");
                            remark("skipped", test + ": " + (reason.isEmpty() ? "no reason given" : reason));
                        }
                        default -> {
                            // Properties and output of the tests are not part of the summary.
                        }
                    }
                }
            }
        } catch (IOException | XMLStreamException e) {
            fail(report + ": cannot be read: " + e.getMessage());
        }
    }

    private static String attribute(XMLStreamReader xml, String name) {
        String value = xml.getAttributeValue(null, name);
        return value == null ? "" : value.substring(0, Math.min(LONGEST_MESSAGE, value.length()));
    }

    private void fail(String what) {
        failed++;
        remark("failed", what);
    }

    private void remark(String outcome, String what) {
        remarks.add(outcome + " on JDK " + run + ": " + what.replaceAll("\\R", " "));
    }

    private void add(TestSummary other) {
        passed += other.passed;
        failed += other.failed;
        skipped += other.skipped;
    }

    private String counts() {
        return passed + " passed, " + failed + " failed, " + skipped + " skipped";
    }
}
