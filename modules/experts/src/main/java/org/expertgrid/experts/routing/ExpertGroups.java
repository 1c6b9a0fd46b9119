package org.expertgrid.experts.routing;

import org.expertgrid.experts.errors.Problems;

/**
 * Groups of neighbouring experts, of which each row keeps the best ones and chooses its experts there.
 *
 * @param count the number of groups, which divides the number of experts; 1 means that there are no groups
 * @param kept how many groups a row keeps
 * @param score what groups are compared by
 * @param mask the score of an expert in a group that was not kept: 0, or negative infinity
 */
public record ExpertGroups(int count, int kept, Score score, double mask) {
    /** All experts are one group. */
    public static final ExpertGroups NONE = new ExpertGroups(1, 1, Score.MAXIMUM, Double.NEGATIVE_INFINITY);

    /** The score by which groups are compared. Constants keep their {@link #code} for ever. */
    public enum Score {
        /** The best score of the group's experts. */
        MAXIMUM(1),
        /** The sum of the two best scores of the group's experts. */
        SUM_OF_BEST_TWO(2);

        private final int code;

        Score(int code) {
            this.code = code;
        }

        /** Returns the number that stands for this constant on the wire and in files. */
        public int code() {
            return code;
        }
    }

    public ExpertGroups {
        new Problems()
                .expect(count >= 1, "groups.count", count, "at least 1")
                .expect(kept >= 1 && kept <= Math.max(1, count), "groups.kept", kept, "1 to groups.count " + count)
                .expect(
                        mask == 0 || mask == Double.NEGATIVE_INFINITY,
                        "groups.mask",
                        mask,
                        "0 or " + Double.NEGATIVE_INFINITY)
                .throwIfAny();
    }

    /** Returns whether a row can choose among all experts. */
    public boolean keepsAll() {
        return kept == count;
    }

    /** Gives each expert outside of the best groups the score {@link #mask}; among equal groups the lowest number is kept. */
    void mask(double[] scores) {
        int size = scores.length / count;
        double[] groups = new double[count];
        for (int group = 0; group < count; group++) {
            groups[group] = scoreOf(scores, group * size, (group + 1) * size);
        }
        boolean[] keep = new boolean[count];
        for (int k = 0; k < kept; k++) {
            keep[best(groups, keep)] = true;
        }
        for (int e = 0; e < scores.length; e++) {
            if (!keep[e / size]) {
                scores[e] = mask;
            }
        }
    }

    private double scoreOf(double[] scores, int from, int to) {
        double first = Double.NEGATIVE_INFINITY;
        double second = Double.NEGATIVE_INFINITY;
        for (int e = from; e < to; e++) {
            second = Math.max(second, Math.min(first, scores[e]));
            first = Math.max(first, scores[e]);
        }
        return score == Score.MAXIMUM || to - from == 1 ? first : first + second;
    }

    /** Returns the lowest number of those that have the highest score and are not taken. */
    static int best(double[] scores, boolean[] taken) {
        int best = -1;
        for (int i = 0; i < scores.length; i++) {
            if (!taken[i] && (best < 0 || scores[i] > scores[best])) {
                best = i;
            }
        }
        return best;
    }
}
