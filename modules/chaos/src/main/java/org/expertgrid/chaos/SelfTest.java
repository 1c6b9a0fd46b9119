package org.expertgrid.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.expertgrid.chaos.load.Answers;
import org.expertgrid.chaos.load.BrokenOffException;
import org.expertgrid.chaos.load.Reference;
import org.expertgrid.chaos.load.Tally;
import org.expertgrid.chaos.load.Verifier;
import org.expertgrid.chaos.load.Verifiers;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cli.seed.SeedExercise;
import org.expertgrid.experts.errors.ExpertgridException;
import org.expertgrid.experts.layers.BatchedMoe;
import org.expertgrid.experts.layers.Layer;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.choice.KernelsChoice;

/**
 * Gives the verifiers faults that they must find: an answer with one wrong bit, and a forward that never returns. Both are put
 * between the layer and the caller.
 *
 * @param found the report of the verifiers
 */
public record SelfTest(ChaosReport found) {
    private static final int WRONG_FORWARD = 3;
    private static final int HANGING_FORWARD = 6;
    private static final Duration HANGING = Duration.ofSeconds(3);
    /** The bit of a float64 that is flipped: its value is small, and above the tolerance. */
    private static final int BIT_64 = 24;

    private static final int BIT_32 = 14;

    /** Runs the test on a model of these parameters in this JVM. */
    static SelfTest run(SeedExercise.Parameters parameters) {
        Reference reference = Reference.draw(parameters);
        Tally tally = new Tally(Answers.FORWARDS);
        Verifier verifier = Verifier.start("self-test", faulty(reference), reference, tally);
        String brokenOff = null;
        try (Verifiers verifiers = new Verifiers(List.of(verifier), HANGING, tally)) {
            verifiers.awaitAnswers(HANGING_FORWARD);
        } catch (BrokenOffException e) {
            brokenOff = e.getMessage();
        }
        return new SelfTest(new ChaosReport(Map.of(), tally, List.of(), 0, brokenOff));
    }

    /** Returns a supplier whose third layer answers wrong and whose sixth one hangs. */
    private static Supplier<Layer> faulty(Reference reference) {
        Layer right = new BatchedMoe(
                reference.weights(), reference.example().topK(), KernelsChoice.best(), ThreadTeam.ofCaller());
        AtomicInteger forwards = new AtomicInteger();
        return () -> switch (forwards.incrementAndGet()) {
            case WRONG_FORWARD -> x -> withOneWrongBit(right.forward(x));
            case HANGING_FORWARD -> x -> hang();
            default -> right;
        };
    }

    private static Matrix hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new ExpertgridException("interrupted, because the self-test has ended");
    }

    /** Returns the answer with one bit flipped in its largest number. */
    public static Matrix withOneWrongBit(Matrix answer) {
        double[] numbers = answer.toDoubleArray();
        int largest = 0;
        for (int i = 1; i < numbers.length; i++) {
            largest = Math.abs(numbers[i]) > Math.abs(numbers[largest]) ? i : largest;
        }
        if (answer.elementType() == ElementType.FLOAT64) {
            numbers[largest] = Double.longBitsToDouble(Double.doubleToRawLongBits(numbers[largest]) ^ 1L << BIT_64);
            return Matrix.wrap(answer.rows(), answer.columns(), numbers);
        }
        float[] floats = answer.toFloatArray();
        floats[largest] = Float.intBitsToFloat(Float.floatToRawIntBits(floats[largest]) ^ 1 << BIT_32);
        return Matrix.wrap(answer.rows(), answer.columns(), floats);
    }

    boolean foundWrongBit() {
        return found.tally().wrong() == 1;
    }

    boolean foundHang() {
        return found.tally().failed() == 1 && found.brokenOff() != null;
    }

    /** Returns whether both faults were found, and no others. */
    boolean passed() {
        return foundWrongBit() && foundHang();
    }

    void say(Output output) {
        found.say(output);
        output.say("");
        output.say("%s one wrong bit was injected, and found", foundWrongBit() ? "✅" : "❌");
        output.say("%s one hang was injected, and found", foundHang() ? "✅" : "❌");
    }

    /** Returns the report as a run would write it, with {@code passed} true if the injected faults were found. */
    Map<String, Object> json() {
        Map<String, Object> json = found.json();
        json.put("faults", 2);
        json.put("passed", passed());
        return json;
    }
}
