package org.expertgrid.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void numbersStandOnTheRightAndWordsOnTheLeft() {
        Table table = new Table("runner", "ms");
        table.add("ours", 1.234567);
        table.add("baseline", 12345.6);
        assertThat(table.lines())
                .containsExactly(
                        "| runner   |    ms |", "|----------|------:|", "| ours     |  1.23 |", "| baseline | 12346 |");
    }

    @Test
    void valuesThatAreNotNumbersAreLeftOut() {
        assertThat(Table.number(Double.NaN)).isEmpty();
        assertThat(Table.number(0.12345)).isEqualTo("0.123");
        assertThat(Table.number(-45.67)).isEqualTo("-45.7");
    }
}
