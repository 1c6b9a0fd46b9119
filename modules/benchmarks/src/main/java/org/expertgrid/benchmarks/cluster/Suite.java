package org.expertgrid.benchmarks.cluster;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.expertgrid.benchmarks.cluster.ClusterRun.Load;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.kernels.ElementType;

/**
 * The loads that a run measures: every combination, or those that have goals and a few to compare them with.
 *
 * @param callers the places of the caller
 * @param members the sizes of the cluster
 * @param elements the types of the elements
 * @param exchanges the exchanges
 * @param batches the rows of a call
 * @param callersAtOnce the numbers of calling threads
 * @param full whether every combination is measured
 */
public record Suite(
        List<Caller> callers,
        List<Integer> members,
        List<ElementType> elements,
        List<Exchange> exchanges,
        List<Integer> batches,
        List<Integer> callersAtOnce,
        boolean full) {
    /** Many callers of small batches are compared with one caller of all their rows. */
    public static final int SMALL_BATCH = 16;

    public List<Load> loads() {
        List<Load> loads = new ArrayList<>();
        for (Caller caller : callers) {
            for (int count : members) {
                for (ElementType element : elements) {
                    for (int atOnce : callersAtOnce) {
                        for (int batch : batches) {
                            exchanges.forEach(exchange ->
                                    loads.add(new Load(caller, count, element, exchange, batch, atOnce, false)));
                        }
                    }
                    throughput(caller, count, element, loads);
                }
            }
        }
        loads.removeIf(load -> !full && !essential(load));
        return loads;
    }

    private void throughput(Caller caller, int count, ElementType element, List<Load> loads) {
        int atOnce = Collections.max(callersAtOnce);
        int together = atOnce * SMALL_BATCH;
        if (atOnce > 1 && batches.contains(SMALL_BATCH) && exchanges.contains(Exchange.REDUCE)) {
            loads.add(new Load(caller, count, element, Exchange.REDUCE, SMALL_BATCH, atOnce, true));
            if (!batches.contains(together)) {
                loads.add(new Load(caller, count, element, Exchange.REDUCE, together, 1, false));
            }
        }
    }

    private boolean essential(Load load) {
        boolean reduce = load.exchange() == Exchange.REDUCE;
        boolean smallestOrLargest =
                load.batch() == Collections.min(batches) || load.batch() == Collections.max(batches);
        if (load.callers() > 1) {
            return reduce
                    && load.caller() == Caller.CLIENT
                    && load.members() == Collections.max(members)
                    && load.callers() == Collections.max(callersAtOnce)
                    && load.batch() == SMALL_BATCH;
        }
        if (load.caller() == Caller.EMBEDDED) {
            return reduce && smallestOrLargest && load.members() == Collections.max(members);
        }
        if (load.members() == Collections.max(members)) {
            return batches.contains(load.batch()) || load.caller() == Caller.CLIENT;
        }
        return reduce
                && smallestOrLargest
                && load.caller() == Caller.CLIENT
                && load.element() == elements.get(elements.size() - 1);
    }
}
