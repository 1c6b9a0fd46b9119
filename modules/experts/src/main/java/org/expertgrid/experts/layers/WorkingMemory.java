package org.expertgrid.experts.layers;

import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.expertgrid.kernels.ElementType;

/**
 * The buffers that calls need while they compute, kept for later calls: as many as calls ran at the same time, of each element type.
 *
 * <p>Safe for use by many threads.
 */
final class WorkingMemory<T> {
    private final Function<ElementType, T> make;
    private final Map<ElementType, Queue<T>> free = new EnumMap<>(ElementType.class);

    /** Begins with none, and makes one where all are in use. */
    WorkingMemory(Function<ElementType, T> make) {
        this.make = make;
        for (ElementType type : ElementType.values()) {
            free.put(type, new ConcurrentLinkedQueue<>());
        }
    }

    /** Lends one of that type to the work; after a failure, which may have left it in any state, it is not used again. */
    void lend(ElementType type, Consumer<T> work) {
        Queue<T> ofType = free.get(type);
        T pooled = ofType.poll();
        T lent = pooled == null ? make.apply(type) : pooled;
        work.accept(lent);
        ofType.offer(lent);
    }
}
