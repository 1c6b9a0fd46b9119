package org.expertgrid.decoder.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StopTextsTest {

    @Test
    void theTextEndsBeforeAStopTextThatCrossesPieces() {
        StopTexts stop = new StopTexts(List.of("\n\nUser:"));
        assertThat(stop.add("Hello.")).isEqualTo("Hello.");
        assertThat(stop.add("\n")).isEmpty();
        assertThat(stop.add("\nUs")).isEmpty();
        assertThat(stop.found()).isEmpty();
        assertThat(stop.add("er: hi")).isEmpty();
        assertThat(stop.found()).contains("\n\nUser:");
        assertThat(stop.add("more")).isEmpty();
        assertThat(stop.end()).isEmpty();
    }

    @Test
    void theBeginningOfAStopTextThatDoesNotFollowIsGivenOut() {
        StopTexts stop = new StopTexts(List.of("\n\nUser:"));
        assertThat(stop.add("a\n\nUse")).isEqualTo("a");
        assertThat(stop.add("d")).isEqualTo("\n\nUsed");
        assertThat(stop.add("\n\n\n")).isEqualTo("\n");
        assertThat(stop.end()).isEqualTo("\n\n");
        assertThat(stop.found()).isEmpty();
    }

    @Test
    void theTextThatIsCompleteFirstEndsItAndOfThoseTheLongest() {
        StopTexts stop = new StopTexts(List.of("abcd", "bc", "abc", "c"));
        assertThat(stop.add("xabcd")).isEqualTo("x");
        assertThat(stop.found()).contains("abc");
    }

    @Test
    void withoutStopTextsEverythingPassesAtOnce() {
        StopTexts stop = new StopTexts(List.of());
        assertThat(stop.add("a 😀")).isEqualTo("a 😀");
        assertThat(stop.end()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void howATextIsCutIntoPiecesChangesNothing(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int ended = 0;
        for (int round = 0; round < 300; round++) {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(3); i++) {
                texts.add(word(random, 1 + random.nextInt(6)));
            }
            String text = word(random, random.nextInt(40));
            String expected = upToTheFirst(texts, text);
            ended += expected.length() < text.length() ? 1 : 0;
            StopTexts stop = new StopTexts(texts);
            StringBuilder given = new StringBuilder();
            for (int from = 0; from < text.length(); ) {
                int to = Math.min(text.length(), from + 1 + random.nextInt(5));
                given.append(stop.add(text.substring(from, to)));
                from = to;
            }
            given.append(stop.end());
            assertThat(given.toString())
                    .as("seed %d, round %d, %s in %s", seed, round, texts, text)
                    .isEqualTo(expected);
            assertThat(stop.found().isPresent()).isEqualTo(expected.length() < text.length());
        }
        assertThat(ended).isGreaterThan(50);
    }

    private static String upToTheFirst(List<String> texts, String text) {
        for (int end = 1; end <= text.length(); end++) {
            int longest = 0;
            for (String stop : texts) {
                longest = text.substring(0, end).endsWith(stop) ? Math.max(longest, stop.length()) : longest;
            }
            if (longest > 0) {
                return text.substring(0, end - longest);
            }
        }
        return text;
    }

    private static String word(SplittableRandom random, int length) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append((char) ('a' + random.nextInt(3)));
        }
        return word.toString();
    }
}
