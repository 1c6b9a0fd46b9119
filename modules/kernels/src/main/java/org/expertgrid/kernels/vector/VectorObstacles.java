package org.expertgrid.kernels.vector;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.expertgrid.kernels.packed.FusedMultiplyAdd;

/**
 * Why {@link VectorKernels} cannot be had, or would be slower than a plain loop; asked before that class is touched. Public only
 * because rooms are apart.
 */
public final class VectorObstacles {
    private static final String MODULE = "jdk.incubator.vector";

    private VectorObstacles() {}

    /** Returns the first obstacle, in words that say what to do about it, or nothing where there is none. */
    public static Optional<String> first() {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return Optional.of(
                    "this JVM runs without the module " + MODULE + ": start it with --add-modules " + MODULE);
        }
        if (!FusedMultiplyAdd.FAST) {
            return Optional.of("this processor has no fused multiply-add");
        }
        return compiler();
    }

    /** Only C2 turns vectors into instructions; where it has no part, each of them is an object. */
    private static Optional<String> compiler() {
        String machine = System.getProperty("java.vm.name", "");
        if (!machine.contains("OpenJDK") && !machine.contains("HotSpot")) {
            return Optional.of("this JVM, " + machine + ", has no C2 compiler: use an OpenJDK");
        }
        if (System.getProperty("java.vm.info", "").contains("interpreted mode")) {
            return Optional.of("this JVM compiles nothing: start it without -Xint");
        }
        if (option("UseJVMCICompiler").equals("true")) {
            return Optional.of("this JVM has another compiler than C2: start it with -XX:-UseJVMCICompiler");
        }
        String level = option("TieredStopAtLevel");
        return level.isEmpty() || level.equals("4")
                ? Optional.empty()
                : Optional.of("this JVM runs without its C2 compiler: start it without -XX:TieredStopAtLevel=" + level);
    }

    /** Returns the value of an option of this JVM; nothing where it has no such option, or does not tell. */
    private static String option(String name) {
        try {
            return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .getVMOption(name)
                    .getValue();
        } catch (IllegalArgumentException | NullPointerException | LinkageError unknown) {
            return "";
        }
    }
}
