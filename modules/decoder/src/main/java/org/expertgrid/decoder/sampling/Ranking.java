package org.expertgrid.decoder.sampling;

/**
 * Gives out token ids from the greatest score to the smallest, the lowest id first among equals. It is a heap: starting costs as much as looking at all
 * scores once, and each id a few steps, so that who needs only the first ones never sorts the others. For one thread.
 */
final class Ranking {
    private final int[] heap;
    private int size;
    private double[] scores;

    Ranking(int vocabulary) {
        heap = new int[vocabulary];
    }

    /** Starts over with these scores; ids whose score is minus infinity are left out. */
    void start(double[] newScores) {
        scores = newScores;
        size = 0;
        for (int id = 0; id < scores.length; id++) {
            if (scores[id] > Double.NEGATIVE_INFINITY) {
                heap[size++] = id;
            }
        }
        for (int i = size / 2 - 1; i >= 0; i--) {
            sink(i);
        }
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Returns the next id. */
    int next() {
        int first = heap[0];
        heap[0] = heap[--size];
        sink(0);
        return first;
    }

    private void sink(int from) {
        int i = from;
        int id = heap[i];
        for (int child = 2 * i + 1; child < size; child = 2 * i + 1) {
            if (child + 1 < size && comesBefore(heap[child + 1], heap[child])) {
                child++;
            }
            if (!comesBefore(heap[child], id)) {
                break;
            }
            heap[i] = heap[child];
            i = child;
        }
        heap[i] = id;
    }

    private boolean comesBefore(int a, int b) {
        return scores[a] > scores[b] || scores[a] == scores[b] && a < b;
    }
}
