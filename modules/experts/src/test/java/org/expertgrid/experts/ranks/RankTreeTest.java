package org.expertgrid.experts.ranks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.expertgrid.experts.ranks.RankTree.Subtree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RankTreeTest {

    @Test
    void sixRanksAreAddedAsThePictureShows() {
        assertThat(RankTree.sum(new RankTree(6).root(), Integer::toString, RankTreeTest::plus))
                .isEqualTo("(((0+1)+(2+3))+(4+5))");
    }

    @Test
    void oneRankIsItsOwnSum() {
        assertThat(RankTree.sum(new RankTree(1).root(), Integer::toString, RankTreeTest::plus))
                .isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 10, 13, 64})
    void everyDivisionOfTheRanksAmongMembersGivesTheSameAdditions(int ranks) {
        RankTree tree = new RankTree(ranks);
        String expected = RankTree.sum(tree.root(), Integer::toString, RankTreeTest::plus);
        for (int seed = 0; seed < 50; seed++) {
            assertThat(sumAmongMembers(tree, new Random(seed)))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
        }
    }

    private static String sumAmongMembers(RankTree tree, Random random) {
        int members = 1 + random.nextInt(4);
        List<List<Integer>> held = new ArrayList<>();
        IntStream.range(0, members).forEach(member -> held.add(new ArrayList<>()));
        IntStream.range(0, tree.ranks())
                .forEach(rank -> held.get(random.nextInt(members)).add(rank));
        Map<Subtree, String> sums = new HashMap<>();
        for (List<Integer> ofMember : held) {
            for (Subtree subtree : tree.cover(ofMember)) {
                sums.put(subtree, RankTree.sum(subtree, Integer::toString, RankTreeTest::plus));
            }
        }
        return tree.sum(sums, RankTreeTest::plus);
    }

    @Test
    void aRunOfRanksIsCoveredByFewSubtrees() {
        assertThat(new RankTree(10).cover(List.of(0, 1, 2, 3))).containsExactly(new Subtree(0, 4));
        assertThat(new RankTree(10).cover(List.of(7, 4, 6, 5, 9)))
                .containsExactly(new Subtree(4, 8), new Subtree(9, 10));
        assertThat(new RankTree(10).cover(List.of())).isEmpty();
    }

    @Test
    void aMissingRankIsAnError() {
        RankTree tree = new RankTree(3);
        assertThatThrownBy(() -> tree.sum(Map.of(new Subtree(0, 2), "a"), RankTreeTest::plus))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("each of 3 ranks once");
    }

    @Test
    void aRankThatIsAddedTwiceIsAnError() {
        Map<Subtree, String> sums = Map.of(new Subtree(0, 3), "all", new Subtree(1, 2), "again");
        assertThatThrownBy(() -> new RankTree(3).sum(sums, RankTreeTest::plus))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("each of 3 ranks once");
    }

    @Test
    void ranksThatAreNotThereOrNamedTwiceAreRefused() {
        assertThatThrownBy(() -> new RankTree(3).cover(List.of(3))).hasMessageContaining("from 0 to 2");
        assertThatThrownBy(() -> new RankTree(3).cover(List.of(1, 1))).hasMessageContaining("each once");
        assertThatThrownBy(() -> new RankTree(0)).hasMessageContaining("ranks: 0 (expected: at least 1)");
    }

    private static String plus(String left, String right) {
        return "(" + left + "+" + right + ")";
    }
}
