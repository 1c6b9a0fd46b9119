package org.expertgrid.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatusReportTest {
    @Test
    void neighbouringRanksAreWrittenAsRanges() {
        assertThat(StatusReport.ranges(List.of())).isEmpty();
        assertThat(StatusReport.ranges(List.of(4))).isEqualTo("4");
        assertThat(StatusReport.ranges(List.of(0, 1, 2, 3))).isEqualTo("0-3");
        assertThat(StatusReport.ranges(List.of(0, 2, 3, 7, 9, 10))).isEqualTo("0, 2-3, 7, 9-10");
    }

    @Test
    void sizesAreWrittenInTheUnitThatFits() {
        assertThat(ByteSizes.text(0)).isEqualTo("0 B");
        assertThat(ByteSizes.text(1023)).isEqualTo("1023 B");
        assertThat(ByteSizes.text(1536)).isEqualTo("1.5 KB");
        assertThat(ByteSizes.text(48_000_000)).isEqualTo("45.8 MB");
        assertThat(ByteSizes.text(3L << 40)).isEqualTo("3.0 TB");
    }
}
