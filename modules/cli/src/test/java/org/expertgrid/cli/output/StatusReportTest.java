package org.expertgrid.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.cluster.status.ClusterStatus;
import org.expertgrid.cluster.status.MemberStatus;
import org.expertgrid.cluster.status.ModelHealth;
import org.expertgrid.cluster.status.ModelStatus;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.WeightFormat;
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

    @Test
    void eachModelTellsWhatALostMemberWouldMean() {
        assertThat(report(true, 4096L << 20).lines())
                .anySatisfy(line -> assertThat(line).endsWith("; without any one member, the others would serve it"));
        assertThat(report(false, 4096L << 20).lines())
                .anySatisfy(line -> assertThat(line).endsWith("; a lost member could take weights with it"));
        assertThat(report(true, 1 << 20).lines())
                .anySatisfy(line -> assertThat(line).endsWith("; a lost member would leave too little heap"));
    }

    private static StatusReport report(boolean backupsComplete, long heapCapacity) {
        MemberStatus member = new MemberStatus(
                new UUID(0, 0),
                "127.0.0.1:1",
                "plain",
                2,
                0,
                heapCapacity,
                heapCapacity,
                1,
                5 << 20,
                5 << 20,
                0,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                false);
        ModelStatus.Layer layer =
                new ModelStatus.Layer(0, new MoeShape(3, 4, 5, 6), ElementType.FLOAT32, 2, Set.of(WeightFormat.BF16));
        ModelStatus model = new ModelStatus(
                "model",
                "a layer",
                true,
                "olmoe",
                List.of(layer),
                Exchange.REDUCE,
                1,
                Map.of("127.0.0.1:1", List.of(0)),
                List.of(5L << 20));
        ModelHealth health = new ModelHealth(
                "model", List.of(new ModelHealth.RankHealth(0, "127.0.0.1:1", true)), backupsComplete, 0, false);
        return new StatusReport(new ClusterStatus(List.of(member, member, member), List.of(model), List.of(health)));
    }
}
