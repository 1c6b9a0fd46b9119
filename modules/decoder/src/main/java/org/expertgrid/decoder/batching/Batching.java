package org.expertgrid.decoder.batching;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.expertgrid.decoder.Chunk;
import org.expertgrid.decoder.Decoder;
import org.expertgrid.decoder.Step;
import org.expertgrid.decoder.StepTimes;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.kernels.Matrix;

/**
 * Runs sequences of a decoder side by side, on a thread of its own.
 *
 * <p>Safe for use by many threads.
 */
public final class Batching implements AutoCloseable {
    private final Decoder decoder;
    private final BatchLimits limits;
    private final Thread driver;
    private final Deque<Member> waiting = new ArrayDeque<>();
    /** Ascending by arrival. Only the driver changes it, under this object's lock. */
    private final List<Member> running = new ArrayList<>();

    private boolean closed;
    private long steps;
    private long tokens;
    private long readAgain;
    private long stepBegan;
    private boolean stepping;

    /** Starts the thread. */
    public Batching(Decoder decoder, BatchLimits limits) {
        this.decoder = decoder;
        this.limits = limits;
        this.driver = new Thread(this::drive, "expertgrid-batching");
        driver.setDaemon(true);
        driver.start();
    }

    /**
     * Lets a sequence wait for its turn.
     *
     * @param prompt at least one token
     * @param mostTokens how long the sequence can become, the prompt included
     * @throws IllegalArgumentException if the prompt has no tokens or more than {@code mostTokens}, has one that is not in the vocabulary, or
     *     if {@code mostTokens} is more than the decoder allows
     * @throws QueueFullException if too many sequences are waiting
     * @throws IllegalStateException if this is closed
     */
    public void submit(int[] prompt, int mostTokens, Continuation continuation) {
        check(prompt, mostTokens);
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("this batching is closed");
            }
            if (running.size() + waiting.size() >= limits.running() + limits.waiting()) {
                throw new QueueFullException(limits);
            }
            waiting.add(new Member(prompt, mostTokens, continuation));
            notifyAll();
        }
    }

    /**
     * Checks that a sequence can be submitted.
     *
     * @throws IllegalArgumentException as {@link #submit} does
     */
    public void check(int[] prompt, int mostTokens) {
        Problems problems = new Problems()
                .expect(
                        mostTokens <= decoder.mostTokens(),
                        "mostTokens",
                        mostTokens,
                        "at most " + decoder.mostTokens() + ", which model and caches allow")
                .expect(
                        prompt.length >= 1 && prompt.length <= mostTokens,
                        "tokens of the prompt",
                        prompt.length,
                        "1 to " + mostTokens);
        int vocabulary = decoder.architecture().vocabularySize();
        for (int token : prompt) {
            problems.expect(token >= 0 && token < vocabulary, "token", token, "0 to " + (vocabulary - 1));
        }
        problems.throwIfAny();
    }

    /** Returns what is being done now. */
    public synchronized BatchStatus status() {
        return new BatchStatus(
                running.size(),
                waiting.size(),
                decoder.caches().usedPositions(),
                decoder.caches().mostPositions(),
                steps,
                tokens,
                readAgain,
                stepping ? System.nanoTime() - stepBegan : 0);
    }

    /** Ends after the running step; all sequences that are left fail. Waits for that unless a continuation calls it. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        if (Thread.currentThread() == driver) {
            return;
        }
        boolean interrupted = false;
        while (driver.isAlive()) {
            try {
                driver.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void drive() {
        while (awaitWork()) {
            leaveIfStopped();
            admit();
            List<Turn> turns = reserve();
            if (!turns.isEmpty()) {
                step(turns);
            }
        }
        IllegalStateException cause = new IllegalStateException("the batching that ran this sequence was closed");
        List<Member> left = new ArrayList<>(running);
        synchronized (this) {
            left.addAll(waiting);
            waiting.clear();
        }
        left.forEach(member -> fail(member, cause));
    }

    /** Waits until there is a sequence; returns false when this is closed. */
    private synchronized boolean awaitWork() {
        while (!closed && running.isEmpty() && waiting.isEmpty()) {
            try {
                wait();
            } catch (InterruptedException e) {
                // Only closing ends this thread.
                continue;
            }
        }
        return !closed;
    }

    private void leaveIfStopped() {
        List<Member> stopped = new ArrayList<>();
        synchronized (this) {
            collectStopped(waiting.iterator(), stopped);
            collectStopped(running.iterator(), stopped);
        }
        stopped.forEach(this::leave);
    }

    private static void collectStopped(Iterator<Member> members, List<Member> stopped) {
        while (members.hasNext()) {
            Member member = members.next();
            if (member.continuation().isStopped()) {
                stopped.add(member);
                members.remove();
            }
        }
    }

    private synchronized void admit() {
        while (running.size() < limits.running() && !waiting.isEmpty() && hasRoom()) {
            Member member = waiting.remove();
            member.begin(decoder);
            running.add(member);
        }
    }

    /** Whether a page is free for one more sequence; without one, it would give its memory up at once. */
    private boolean hasRoom() {
        return running.isEmpty()
                || decoder.caches().usedPositions() < decoder.caches().mostPositions();
    }

    /** A sequence and how many of its tokens the next step reads. */
    private record Turn(Member member, int rows) {}

    /**
     * Takes the memory for the tokens of the next step. Where there is too little, the sequence that came last gives its own up and waits as
     * the first; so the one that came first can always go on.
     */
    private List<Turn> reserve() {
        while (true) {
            List<Turn> turns = plan();
            if (turns.stream().allMatch(turn -> turn.member().reserve(turn.rows()))) {
                return turns;
            }
            Member last = turns.get(turns.size() - 1).member();
            last.end();
            synchronized (this) {
                running.remove(last);
                waiting.addFirst(last);
                readAgain++;
            }
        }
    }

    private List<Turn> plan() {
        int[] rows = StepPlan.rows(running.stream().map(Member::unread).toList(), limits.rowsOfStep());
        return IntStream.range(0, rows.length)
                .mapToObj(i -> new Turn(running.get(i), rows[i]))
                .toList();
    }

    private void step(List<Turn> turns) {
        List<Chunk> chunks =
                turns.stream().map(turn -> turn.member().chunk(turn.rows())).toList();
        begins();
        Step step;
        try {
            step = decoder.step(chunks);
        } catch (RuntimeException | Error e) {
            ends(0);
            turns.forEach(turn -> fail(turn.member(), e));
            return;
        }
        ends(turns.stream().mapToInt(Turn::rows).sum());
        for (int i = 0; i < turns.size(); i++) {
            goOn(turns.get(i), step.logits().get(i), step.times());
        }
    }

    private void goOn(Turn turn, Matrix logits, StepTimes times) {
        Member member = turn.member();
        try {
            member.continuation().stepped(times, turn.rows());
            if (logits.rows() == 0) {
                return;
            }
            OptionalInt next = member.continuation().next(logits.toFloatArray());
            if (next.isEmpty() || !member.add(next.getAsInt())) {
                leave(member);
            }
        } catch (RuntimeException | Error e) {
            fail(member, e);
        }
    }

    private synchronized void begins() {
        stepping = true;
        stepBegan = System.nanoTime();
    }

    private synchronized void ends(int read) {
        stepping = false;
        if (read > 0) {
            steps++;
            tokens += read;
        }
    }

    private void leave(Member member) {
        remove(member);
        try {
            member.continuation().left();
        } catch (RuntimeException | Error e) {
            member.continuation().failed(e);
        }
    }

    private void fail(Member member, Throwable cause) {
        remove(member);
        member.continuation().failed(cause);
    }

    private void remove(Member member) {
        synchronized (this) {
            running.remove(member);
        }
        member.end();
    }
}
