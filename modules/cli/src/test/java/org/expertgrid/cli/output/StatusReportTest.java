package org.expertgrid.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
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
    private static final long LARGE = 4096L << 20;
    private static final String OUTLIVES = "without any one member, the others would serve it";
    private static final String LOSES_WEIGHTS = "a lost member could take weights with it";

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
        assertThat(ofALoss(report(3, true, 1, false, LARGE))).isEqualTo(List.of(true, OUTLIVES));
        assertThat(ofALoss(report(3, false, 1, false, LARGE))).isEqualTo(List.of(false, LOSES_WEIGHTS));
        assertThat(ofALoss(report(3, true, 1, false, 1 << 20)))
                .isEqualTo(List.of(false, "a lost member would leave too little heap"));
    }

    @Test
    void withoutBackupsOnlyAStoreKeepsTheWeightsOfALostMember() {
        assertThat(ofALoss(report(3, true, 0, false, LARGE))).isEqualTo(List.of(false, LOSES_WEIGHTS));
        assertThat(ofALoss(report(3, true, 0, true, LARGE))).isEqualTo(List.of(true, OUTLIVES));
    }

    @Test
    void aModelOfAnotherVersionIsNamedWithWhatRemovesIt() {
        StatusReport report = new StatusReport(new ClusterStatus(List.of(), List.of(), List.of(), List.of("old")));
        assertThat(report.lines())
                .contains("model old: deployed by another version of Expertgrid, which this one cannot read;"
                        + " 'undeploy old' removes it");
        assertThat(report.json()).containsEntry("models_of_other_versions", List.of("old"));
    }

    @Test
    void aSingleMemberHasNoOtherToServeItsModels() {
        assertThat(ofALoss(report(1, true, 1, true, LARGE)))
                .isEqualTo(List.of(false, "there is no other member to serve it"));
    }

    /** Returns what the JSON of a report says of its model, and the sentence for people. */
    private static List<Object> ofALoss(StatusReport report) {
        Map<?, ?> model = (Map<?, ?>) ((List<?>) report.json().get("models")).get(0);
        String line = report.lines().stream()
                .filter(each -> each.startsWith("all ranks served"))
                .findFirst()
                .orElseThrow();
        return List.of(model.get("outlives_a_lost_member"), line.substring(line.indexOf("; ") + 2));
    }

    private static StatusReport report(
            int members, boolean backupsComplete, int backups, boolean storing, long heapCapacity) {
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
                storing);
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
        List<ModelHealth.RankHealth> ranks = List.of(new ModelHealth.RankHealth(0, "127.0.0.1:1", true));
        ModelHealth health = new ModelHealth("model", ranks, backupsComplete, backups, 0, false);
        return new StatusReport(
                new ClusterStatus(Collections.nCopies(members, member), List.of(model), List.of(health), List.of()));
    }
}
