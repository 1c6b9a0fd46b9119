package org.expertgrid.cli.options;

import static org.assertj.core.api.Assertions.assertThat;

import org.expertgrid.cli.CommandRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeOptionsTest {
    @ParameterizedTest
    @CsvSource({
        "--batch, -1, at least 0",
        "--input-dim, 0, at least 1",
        "--input-dim, -5, at least 1",
        "--hidden-dim, 0, at least 1",
        "--output-dim, 0, at least 1",
        "--output-dim, -1, at least 1",
        "--experts, 0, at least 1",
        "--topk, 0, at least 1",
        "--ranks, 0, at least 1",
        "--ranks, -3, at least 1",
        "--members, 0, at least 1",
        "--heap, 5x, 512m",
        "--heap, 0m, 512m",
    })
    void aValueThatCannotBeIsRefusedWithWhatIsExpected(String option, String value, String expected) {
        for (String command : new String[] {"demo", "forward", "deploy name"}) {
            CommandRun.of(command, option, value).assertRefused(option + ": " + value + " (expected: ", expected);
        }
    }

    @Test
    void allProblemsAreNamedAtOnce() {
        CommandRun.of("forward --batch -1 --input-dim 0 --topk 0 --members 0 --heap lots --ranks 0")
                .assertRefused(
                        "--batch: -1", "--input-dim: 0", "--topk: 0", "--members: 0", "--heap: lots", "--ranks: 0");
    }

    @ParameterizedTest
    @CsvSource({"7, 12, reduce", "7, 12, concat", "12, 7, concat"})
    void moreRanksThanTheExchangeDividesAreRefused(int hidden, int outputs, String exchange) {
        CommandRun.of(
                        "forward --embedded --ranks 8 --hidden-dim",
                        hidden,
                        "--output-dim",
                        outputs,
                        "--exchange",
                        exchange)
                .assertRefused("--ranks: 8 (expected: at most 7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "forward"})
    void membersThatShareThisJvmHaveNoHeapOfTheirOwn(String command) {
        CommandRun.of(command + " --embedded --heap 1g")
                .assertRefused("--heap: 1g (expected: not together with --embedded");
    }

    @Test
    void outputsThatAreNotDividedMayBeFewerThanRanks() {
        assertThat(CommandRun.of("forward --embedded --members 1 --batch 1 --output-dim 5 --ranks 10 --json"
                                + " --input-dim 3 --hidden-dim 12")
                        .json())
                .containsEntry("ranks", 10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--batch many", "--topk 1.5", "--element float16", "--exchange shuffle", "--input-dim 3000000000"
            })
    void aValueOfTheWrongKindIsRefused(String option) {
        CommandRun.of("demo " + option).assertRefused(option.split(" "));
    }
}
