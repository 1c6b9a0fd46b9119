package org.expertgrid.cluster.deploying;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.expertgrid.experts.ranks.RankTree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RankRunsTest {
    private static List<Double> equalShares(int members, int ranks) {
        return Stream.generate(() -> (double) ranks / members).limit(members).toList();
    }

    private static int subtrees(List<Integer> lengths) {
        RankTree tree =
                new RankTree(lengths.stream().mapToInt(Integer::intValue).sum());
        int from = 0;
        int subtrees = 0;
        for (int length : lengths) {
            subtrees += tree.cover(IntStream.range(from, from + length).boxed().toList())
                    .size();
            from += length;
        }
        return subtrees;
    }

    @Test
    void tenRanksOnThreeEqualMembersAreOneSubtreeEach() {
        List<Integer> lengths = RankRuns.lengths(equalShares(3, 10), 10);
        assertThat(lengths).containsExactly(4, 4, 2);
        assertThat(subtrees(lengths)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"1, 10", "2, 10", "3, 8", "4, 16", "5, 64", "7, 100", "12, 10", "3, 271"})
    void noMemberHasMoreThanItsShareRoundedUpAndNoneIsLeftOut(int members, int ranks) {
        List<Integer> lengths = RankRuns.lengths(equalShares(members, ranks), ranks);
        int share = ranks / members;
        assertThat(lengths).hasSize(members);
        assertThat(lengths.stream().mapToInt(Integer::intValue).sum()).isEqualTo(ranks);
        assertThat(lengths)
                .allSatisfy(length ->
                        assertThat(length).isBetween(share < 2 ? share : share - 1, (ranks + members - 1) / members));
    }

    @Test
    void whereAllWaysHaveAsManySubtreesTheMostEvenOneIsTaken() {
        assertThat(RankRuns.lengths(equalShares(4, 4), 4)).containsExactly(1, 1, 1, 1);
        assertThat(RankRuns.lengths(equalShares(2, 8), 8)).containsExactly(4, 4);
    }

    @Test
    void aMemberWithMoreRoomHasMoreRanks() {
        assertThat(RankRuns.lengths(List.of(8.0, 2.0), 10)).containsExactly(8, 2);
        assertThat(RankRuns.lengths(List.of(9.99, 0.01), 10).get(0)).isGreaterThanOrEqualTo(9);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyDivisionIsEvenByItsOwnRule(long seed) {
        Random random = new Random(seed);
        int members = 1 + random.nextInt(8);
        int ranks = 1 + random.nextInt(60);
        double[] weights = random.doubles(members, 0.1, 10).toArray();
        double all = IntStream.range(0, members).mapToDouble(i -> weights[i]).sum();
        List<Double> shares = IntStream.range(0, members)
                .mapToObj(i -> weights[i] / all * ranks)
                .toList();
        List<Integer> lengths = RankRuns.lengths(shares, ranks);
        assertThat(lengths.stream().mapToInt(Integer::intValue).sum())
                .as("seed %d", seed)
                .isEqualTo(ranks);
        for (int i = 0; i < members; i++) {
            assertThat(RankRuns.isEven(lengths.get(i), shares.get(i)))
                    .as("seed %d", seed)
                    .isTrue();
        }
    }

    @Test
    void aMemberWithoutRanksIsNotEven() {
        assertThat(RankRuns.isEven(0, 3.3)).isFalse();
        assertThat(RankRuns.isEven(0, 1)).isFalse();
        assertThat(RankRuns.isEven(5, 3.3)).isFalse();
        assertThat(RankRuns.isEven(4, 3.3)).isTrue();
    }
}
