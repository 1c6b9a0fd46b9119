package org.expertgrid.cluster.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HedgeBudgetTest {
    private final HedgeBudget budget = new HedgeBudget();

    private int takeAll() {
        int taken = 0;
        while (budget.take(1)) {
            taken++;
        }
        return taken;
    }

    @Test
    void hedgesAreAtMostTwoPercentOfTheTasksBesideAFullBucket() {
        assertThat(takeAll()).isEqualTo(16);
        for (int task = 0; task < 530; task++) {
            budget.taskSent();
        }
        assertThat(takeAll()).isEqualTo(10);
    }

    @Test
    void moreHedgesThanThereIsBudgetForTakeNone() {
        assertThat(budget.take(17)).isFalse();
        assertThat(takeAll()).isEqualTo(16);
    }
}
