package org.expertgrid.decoder;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Takes the chunks of a step through the layers in groups of sequences, side by side: while the experts' answer for one group is awaited, attention is
 * computed for the other.
 *
 * <pre>
 *   group 1   attention | experts   | attention | experts
 *   group 2             | attention | experts   | attention | experts
 * </pre>
 *
 * <p>Safe for use by many threads.
 */
final class StepGroups {
    private final int most;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "expertgrid.step-group");
        thread.setDaemon(true);
        return thread;
    });

    /** Takes how many groups there are at the most, 1 or 2. */
    StepGroups(int most) {
        this.most = most;
    }

    /**
     * Runs the forward of each group, and returns their results in the order of the chunks. Returns or throws when all have ended.
     *
     * @param forward the forward of some chunks; called by two threads at once where there are two groups
     */
    <T> List<T> forward(List<Chunk> chunks, Function<List<Chunk>, T> forward) {
        if (most == 1 || chunks.size() == 1) {
            return List.of(forward.apply(chunks));
        }
        int first = half(chunks);
        CompletableFuture<T> ofSecond =
                CompletableFuture.supplyAsync(() -> forward.apply(chunks.subList(first, chunks.size())), threads);
        try {
            T ofFirst = forward.apply(chunks.subList(0, first));
            return List.of(ofFirst, join(ofSecond));
        } finally {
            ofSecond.handle((result, thrown) -> null).join();
        }
    }

    /** Returns how many of the first chunks have about half of the rows; never all of them. */
    private static int half(List<Chunk> chunks) {
        int rows = chunks.stream().mapToInt(chunk -> chunk.tokens().length).sum();
        int count = 0;
        for (int taken = 0; 2 * taken < rows; count++) {
            taken += chunks.get(count).tokens().length;
        }
        return Math.min(count, chunks.size() - 1);
    }

    private static <T> T join(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException thrown) {
                throw thrown;
            }
            if (e.getCause() instanceof Error thrown) {
                throw thrown;
            }
            throw e;
        }
    }
}
