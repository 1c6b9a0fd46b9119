package org.expertgrid.decoder.batching;

import java.util.List;

/** How many tokens of each running sequence a step reads. */
final class StepPlan {
    private StepPlan() {}

    /**
     * Returns the rows of each sequence: one for each that has one unread token; what is left of the bound is divided among those that have
     * more, in equal shares, what one does not need going to the next ones. Each has at least one row.
     *
     * @param unread how many unread tokens each sequence has, at least 1
     */
    static int[] rows(List<Integer> unread, int rowsOfStep) {
        int readers = (int) unread.stream().filter(tokens -> tokens > 1).count();
        int left = rowsOfStep - (unread.size() - readers);
        int[] rows = new int[unread.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = 1;
            if (unread.get(i) > 1) {
                rows[i] = Math.min(unread.get(i), Math.max(1, left / readers));
                left -= rows[i];
                readers--;
            }
        }
        return rows;
    }
}
