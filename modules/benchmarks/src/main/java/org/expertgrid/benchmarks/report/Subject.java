package org.expertgrid.benchmarks.report;

/** Code that is timed beside other code. As many threads call it at once as there are callers. */
public interface Subject {
    /** Returns its name in tables and JSON. */
    String name();

    /**
     * Does the work of one call and returns its time in nanoseconds, measured in the process that does the work.
     *
     * @param number selects the rows: all subjects use the same rows for the same number
     */
    long call(int number);

    /** Returns a subject whose work is done in this JVM. */
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
