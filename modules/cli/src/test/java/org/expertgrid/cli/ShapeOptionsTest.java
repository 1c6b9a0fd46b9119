package org.expertgrid.cli;

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
        for (String command : new String[] {"demo", "forward --embedded", "deploy name"}) {
            CommandRun.of(command, option, value).assertRefused(option + ": " + value + " (expected: ", expected);
        }
    }

    @Test
    void allProblemsAreToldAtOnce() {
        CommandRun.of("forward --batch -1 --input-dim 0 --topk 0 --members 0 --heap lots --ranks 0")
                .assertRefused(
                        "--batch: -1", "--input-dim: 0", "--topk: 0", "--members: 0", "--heap: lots", "--ranks: 0");
    }

    @ParameterizedTest
    @CsvSource({"12, 7, 7", "7, 12, 7"})
    void moreRanksThanColumnsAreRefused(int hidden, int outputs, int most) {
        CommandRun.of("forward --embedded --ranks 8 --hidden-dim", hidden, "--output-dim", outputs)
                .assertRefused("--ranks: 8 (expected: at most " + most);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--batch many", "--topk 1.5", "--element float16", "--exchange shuffle", "--input-dim 3000000000"
            })
    void aValueOfTheWrongKindIsRefused(String option) {
        CommandRun.of("demo " + option).assertRefused(option.split(" "));
    }
}
