package org.expertgrid.kernels;

import java.lang.System.Logger.Level;
import java.util.List;

/** Chooses the kernels of this process, once. */
final class KernelsChoice {
    private static final String PROPERTY = "expertgrid.kernels";
    private static final List<String> NAMES = List.of(PlainKernels.NAME, OjAlgoKernels.NAME);

    private KernelsChoice() {}

    static Kernels best() {
        return Holder.BEST;
    }

    static Kernels named(String name) {
        return switch (name) {
            case PlainKernels.NAME -> new PlainKernels();
            case OjAlgoKernels.NAME -> new OjAlgoKernels();
            default -> throw new IllegalArgumentException("kernels: " + name + " (expected: one of " + NAMES + ")");
        };
    }

    private static Kernels choose() {
        String forced = System.getProperty(PROPERTY);
        Kernels chosen = named(forced != null ? forced : PlainKernels.NAME);
        System.getLogger(Kernels.class.getName()).log(Level.INFO, "kernels: " + chosen.description());
        return chosen;
    }

    /** Filled when it is first asked for. */
    private static final class Holder {
        static final Kernels BEST = choose();
    }
}
