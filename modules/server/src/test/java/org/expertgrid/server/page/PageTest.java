package org.expertgrid.server.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.expertgrid.server.ScriptedEngine.Script;
import org.expertgrid.server.ScriptedServer;
import org.expertgrid.server.ServerOptions;
import org.expertgrid.server.answers.AnswerForm;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The page in a browser. The pictures that it takes are in target/page. */
@Tag("slow")
class PageTest {
    private static final Path PICTURES = Path.of("target/page");
    private static final Instant NINE = Instant.parse("2026-11-28T09:00:00Z");

    private final AtomicReference<ClusterView> cluster = new AtomicReference<>(cluster(true));

    private ScriptedServer serve(Script... scripts) {
        ServerOptions options = ServerOptions.DEFAULT.withCluster(Optional::empty, cluster::get, List.of());
        return new ScriptedServer(options, AnswerForm.TAGS, scripts);
    }

    private static Browser open(ScriptedServer server) throws IOException, InterruptedException {
        Optional<Path> chromium = Browser.installed();
        assumeTrue(chromium.isPresent(), "no Chromium on this machine");
        return Browser.open(chromium.get(), Files.createTempDirectory("expertgrid-page"), server.address());
    }

    @Test
    void showsAnAnswerAndTheClusterAndAMemberThatIsLost() throws Exception {
        String answer = "It was a truth which her mother had long known,\nand which she told to no one but her sister.";
        try (ScriptedServer server = serve(Script.of("<think>A sentence.</think>", answer), Script.waiting("It was"));
                Browser browser = open(server)) {
            browser.look(1280, 800, false, false);
            browser.await("document.getElementById('state')?.textContent === 'Ready'");
            browser.photograph(PICTURES.resolve("light.png"));
            browser.write("It was a");
            browser.press("Enter", 13, "\r");
            browser.await("document.querySelector('.message .foot')");
            assertThat(browser.evaluate("document.querySelector('.assistant .text').textContent"))
                    .isEqualTo(answer);
            assertThat(browser.evaluate("document.querySelector('.assistant .thoughts').textContent"))
                    .isEqualTo("A sentence.");
            assertThat(browser.evaluate("document.getElementById('spoken').textContent"))
                    .isEqualTo(answer);
            browser.write("And then?");
            browser.press("Enter", 13, "\r");
            browser.await("document.querySelectorAll('.assistant .text')[1]?.textContent === 'It was'");
            browser.photograph(PICTURES.resolve("streaming.png"));

            cluster.set(cluster(false));
            browser.await("document.querySelector('.events .lost') && document.querySelector('.rank.moved')");
            assertThat((String) browser.evaluate("document.getElementById('state').textContent"))
                    .isEqualTo("Answering on 2 of 3 members");
            browser.photograph(PICTURES.resolve("member-lost.png"));
            browser.look(1280, 800, false, true);
            browser.photograph(PICTURES.resolve("dark.png"));

            browser.press("Escape", 27, "");
            browser.await("!document.querySelector('.coming')");
            server.awaitIdle();
        }
    }

    @Test
    void showsErrorsAndFitsOnAPhone() throws Exception {
        try (ScriptedServer server = serve(Script.failing("It was a truth"), Script.of("It was a ball."));
                Browser browser = open(server)) {
            browser.look(390, 844, true, false);
            browser.await("document.getElementById('state')?.textContent === 'Ready'");
            assertThat(browser.evaluate("document.documentElement.scrollWidth <= 390"))
                    .isEqualTo(true);
            browser.evaluate("document.querySelector('.start').click()");
            browser.await("document.querySelector('.failure')");
            assertThat((String) browser.evaluate("document.querySelector('.failure').textContent"))
                    .isEqualTo("The model cannot be computed at the moment.");
            browser.photograph(PICTURES.resolve("phone-error.png"));
            browser.evaluate("document.querySelector('aside').scrollIntoView()");
            browser.photograph(PICTURES.resolve("phone-cluster.png"));

            browser.evaluate("document.querySelector('.again').click()");
            browser.await("document.querySelector('.message .foot')");
            assertThat(browser.evaluate("[...document.querySelectorAll('.assistant .text')].at(-1).textContent"))
                    .isEqualTo("It was a ball.");
        }
    }

    @Test
    void asksForTheKeyThatTheServerWants() throws Exception {
        ServerOptions options = ServerOptions.DEFAULT.withApiKey("secret");
        try (ScriptedServer server = new ScriptedServer(options, AnswerForm.TAGS, Script.of("Good morning"));
                Browser browser = open(server)) {
            browser.look(1280, 800, false, false);
            browser.await("document.activeElement?.id === 'key'");
            assertThat(browser.evaluate("document.getElementById('send').disabled"))
                    .isEqualTo(true);
            browser.photograph(PICTURES.resolve("key.png"));
            browser.write("secret");
            browser.await("document.getElementById('state').textContent === 'Ready'");
            browser.evaluate("document.querySelector('.start').click()");
            browser.await("document.querySelector('.message .foot')");
        }
    }

    private static ClusterView cluster(boolean whole) {
        List<ClusterView.Member> members = new ArrayList<>();
        List<List<Integer>> ranks = whole
                ? List.of(List.of(0, 1, 2, 3), List.of(4, 5, 6, 7), List.of(8, 9, 10, 11))
                : List.of(List.of(0, 1, 2, 3, 4, 5), List.of(), List.of(6, 7, 8, 9, 10, 11));
        for (int i = 0; i < 3; i++) {
            boolean up = whole || i != 1;
            members.add(new ClusterView.Member(
                    "127.0.0.1:570" + (i + 1), up, ranks.get(i), (700L + 150 * i) << 20, 2L << 30));
        }
        List<ClusterView.Event> events = new ArrayList<>();
        events.add(new ClusterView.Event(NINE, ClusterView.EventKind.JOINED, "127.0.0.1:5703 has joined"));
        if (!whole) {
            events.add(
                    new ClusterView.Event(NINE.plusSeconds(70), ClusterView.EventKind.LOST, "127.0.0.1:5702 is lost"));
            events.add(new ClusterView.Event(
                    NINE.plusSeconds(71), ClusterView.EventKind.MOVED, "Ranks 4 to 7 are answered from their backups"));
        }
        List<ClusterView.LayerHeat> heat = IntStream.range(0, 4)
                .mapToObj(layer -> new ClusterView.LayerHeat(
                        layer,
                        IntStream.range(0, 16)
                                .mapToObj(expert -> (long) (expert * 37 + layer * 53) % 101)
                                .toList()))
                .toList();
        return new ClusterView(members, events, heat, 12_345, 17, 2);
    }
}
