package org.expertgrid.benchmarks.report;

/** Something that is timed side by side with others; asked by as many threads at once as there are callers. */
public interface Subject {
    /** Returns what it is called in tables and JSON. */
    String name();

    /**
     * Does the work of one call and returns how long that took, in nanoseconds, by the clock of whoever does it.
     *
     * @param number different numbers get different rows, the same number the same rows from everybody
     */
    long call(int number);

    /** Returns one that does some work in this JVM. */
    static Subject of(String name, Work work) {
        return new Subject() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public long call(int number) {
                long start = System.nanoTime();
                work.call(number);
                return System.nanoTime() - start;
            }
        };
    }

    /** The work of a call. */
    @FunctionalInterface
    interface Work {
        void call(int number);
    }
}
