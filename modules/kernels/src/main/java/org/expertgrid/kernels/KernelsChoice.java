package org.expertgrid.kernels;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;

/**
 * Which kernels this process uses, and why; chosen once.
 *
 * @param level of the line that tells it: a warning where faster ones are there and something is in their way
 */
record KernelsChoice(Kernels kernels, String reason, Level level) {
    private static final String PROPERTY = "expertgrid.kernels";
    private static final List<String> NAMES = List.of(VectorKernels.NAME, PlainKernels.NAME, OjAlgoKernels.NAME);

    private static KernelsChoice ofThisProcess;

    /** Not a static initialiser: a choice that cannot be had is to throw its own exception, and each time. */
    static synchronized KernelsChoice ofThisProcess() {
        if (ofThisProcess == null) {
            ofThisProcess = choose(System.getProperty(PROPERTY), VectorObstacles.first());
            System.getLogger(Kernels.class.getName()).log(ofThisProcess.level, ofThisProcess.toString());
        }
        return ofThisProcess;
    }

    static KernelsChoice choose(String forced, Optional<String> obstacle) {
        if (forced != null) {
            return new KernelsChoice(named(forced, obstacle), "as -D" + PROPERTY + " says", Level.INFO);
        }
        return obstacle.map(why ->
                        new KernelsChoice(new PlainKernels(), "vector would be faster, but " + why, Level.WARNING))
                .orElseGet(() -> new KernelsChoice(new VectorKernels(), "the fastest there are", Level.INFO));
    }

    static Kernels named(String name, Optional<String> obstacle) {
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
