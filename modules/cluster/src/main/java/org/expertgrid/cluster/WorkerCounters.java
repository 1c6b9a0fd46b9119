package org.expertgrid.cluster;

import java.util.concurrent.atomic.LongAdder;

/** Counts what one member's worker does, always, for next to nothing. Safe for use by many threads. */
final class WorkerCounters {
    final LongAdder tasks = new LongAdder();
    final LongAdder decodingNanos = new LongAdder();
    final LongAdder computingNanos = new LongAdder();
    final LongAdder encodingNanos = new LongAdder();
}
