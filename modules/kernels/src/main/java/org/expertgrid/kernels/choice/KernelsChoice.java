package org.expertgrid.kernels.choice;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.ojalgo.OjAlgoKernels;
import org.expertgrid.kernels.plain.PlainKernels;
import org.expertgrid.kernels.vector.VectorKernels;
import org.expertgrid.kernels.vector.VectorObstacles;

/**
 * Which {@link Kernels} this process uses, and why; chosen once.
 *
 * @param kernels those that were chosen
 * @param reason why they were
 * @param level of the line that tells it: a warning where faster ones are there and something is in their way
 */
public record KernelsChoice(Kernels kernels, String reason, Level level) {
    private static final String PROPERTY = "expertgrid.kernels";
    private static final List<String> NAMES = List.of(VectorKernels.NAME, PlainKernels.NAME, OjAlgoKernels.NAME);

    private static KernelsChoice ofThisProcess;

    /**
     * Returns the kernels that this process uses: the fastest that are there, or those that {@code -Dexpertgrid.kernels} names.
     *
     * @throws IllegalArgumentException if these cannot be had; the message says what to do
     */
    public static Kernels best() {
        return choice().kernels();
    }

    /**
     * Returns what {@link #best} chose and why; its text is what was logged: "kernels: vector, 512 bits (the fastest there are)".
     *
     * @throws IllegalArgumentException as {@link #best} does
     */
    public static synchronized KernelsChoice choice() {
        // Not a static initialiser: a choice that cannot be had is to throw its own exception, and each time.
        if (ofThisProcess == null) {
            ofThisProcess = choose(System.getProperty(PROPERTY), VectorObstacles.first());
            System.getLogger(Kernels.class.getName()).log(ofThisProcess.level, ofThisProcess.toString());
        }
        return ofThisProcess;
    }

    /**
     * Returns the kernels of that name.
     *
     * @throws IllegalArgumentException if there are none of that name, or this process cannot have them; the message
     *     says what to do
     */
    public static Kernels named(String name) {
        return named(name, VectorObstacles.first());
    }

    static KernelsChoice choose(String forced, Optional<String> obstacle) {
        if (forced != null) {
            return new KernelsChoice(named(forced, obstacle), "as -D" + PROPERTY + " says", Level.INFO);
        }
        return obstacle.map(why ->
                        new KernelsChoice(new PlainKernels(), "vector would be faster, but " + why, Level.WARNING))
                .orElseGet(() ->
                        new KernelsChoice(VectorKernels.plainUntilCompiled(), "the fastest there are", Level.INFO));
    }

    private static Kernels named(String name, Optional<String> obstacle) {
        return switch (name) {
            case VectorKernels.NAME -> {
                obstacle.ifPresent(why -> {
                    throw new IllegalArgumentException("kernels: vector (cannot be had: " + why + ")");
                });
                yield new VectorKernels();
            }
            case PlainKernels.NAME -> new PlainKernels();
            case OjAlgoKernels.NAME -> new OjAlgoKernels();
            default -> throw new IllegalArgumentException("kernels: " + name + " (expected: one of " + NAMES + ")");
        };
    }

    @Override
    public String toString() {
        return "kernels: " + kernels.description() + " (" + reason + ")";
    }
}
