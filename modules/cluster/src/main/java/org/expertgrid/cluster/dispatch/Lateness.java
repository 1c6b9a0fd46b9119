package org.expertgrid.cluster.dispatch;

import java.util.concurrent.TimeUnit;

/** When a caller looks at a task that has no answer, and how much time it leaves to a member that is at work. For one thread. */
final class Lateness {
    /** How often a caller checks that the member it waits for is still there. By then a member that was asked where a task stands is known to be silent. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(350);

    private final Dispatcher dispatcher;

    Lateness(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    /** Returns when to look at a task first, as {@link System#nanoTime} counts: when its answer is late, if it computes something. */
    long firstLook(Call call) {
        return call.since() + (call.work() == 0 ? LOOK_NANOS : lateNanos(call));
    }

    /** Returns when to look at a task again for which there is nothing to do but to wait. */
    long nextLook() {
        return System.nanoTime() + LOOK_NANOS;
    }

    /** Looks again soon at a member that may be silent: no budget is needed for a hedge as soon as it is known to be. */
    void waitOn(Awaited one) {
        if (one.isProbeOpen()) {
            one.lookAt(System.nanoTime() + dispatcher.watch().patienceNanos());
        } else {
            one.forgetProbe();
            one.lookAt(System.nanoTime() + lateNanos(one.first()));
        }
    }

    /**
     * Returns whether a member that has said that it is at work gets more time, as it does once. A member that has just joined others gets none: its
     * first answers come late, because its JVM has compiled little. Where no member has answered such tasks, that is so of all.
     */
    boolean getsMoreTime(Awaited one) {
        Call first = one.first();
        Pace pace = dispatcher.pace();
        boolean hasJustJoined =
                pace.knowsAny(first.work()) && !pace.knows(first.member().getUuid(), first.work());
        return !hasJustJoined && one.getsMoreTime();
    }

    private long lateNanos(Call call) {
        return dispatcher.pace().lateNanos(call.member().getUuid(), call.work());
    }
}
