package org.expertgrid.kernels.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.System.Logger.Level;
import java.util.Optional;
import org.expertgrid.kernels.vector.VectorObstacles;
import org.junit.jupiter.api.Test;

class KernelsChoiceTest {
    private static final Optional<String> NO_OBSTACLE = Optional.empty();
    private static final Optional<String> OBSTACLE = Optional.of("start it with --add-modules jdk.incubator.vector");

    @Test
    void thisProcessChoseWhatTheBuildExpects() {
        assertThat(KernelsChoice.best().name())
                .isEqualTo(System.getProperty(
                        "expected.kernels", KernelsChoice.best().name()));
        assertThat(KernelsChoice.best()).isSameAs(KernelsChoice.best());
        assertThat(KernelsChoice.choice())
                .asString()
                .startsWith("kernels: " + KernelsChoice.best().description() + " (");
    }

    @Test
    void plainIsChosenWhereVectorCannotBeHadAndTheReasonSaysWhatToType() {
        KernelsChoice choice = KernelsChoice.choose(null, OBSTACLE);
        assertThat(choice.kernels().name()).isEqualTo("plain");
        assertThat(choice).asString().contains("vector would be faster", "--add-modules jdk.incubator.vector");
        assertThat(choice.level()).isEqualTo(Level.WARNING);
    }

    @Test
    void vectorIsChosenWhereNothingIsInItsWayAndElseRefused() {
        Optional<String> obstacle = VectorObstacles.first();
        if (obstacle.isEmpty()) {
            assertThat(KernelsChoice.choose(null, obstacle).kernels().description())
                    .matches("vector, \\d+ bits");
            assertThat(KernelsChoice.named("vector").name()).isEqualTo("vector");
        } else {
            assertThat(KernelsChoice.choose(null, obstacle).kernels().name()).isEqualTo("plain");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> KernelsChoice.named("vector"))
                    .withMessage("kernels: vector (cannot be had: " + obstacle.get() + ")");
        }
    }

    @Test
    void aForcedChoiceIsTaken() {
        for (String name : new String[] {"plain", "ojalgo"}) {
            KernelsChoice choice = KernelsChoice.choose(name, OBSTACLE);
            assertThat(choice.kernels().name()).isEqualTo(name);
            assertThat(choice).asString().contains("as -Dexpertgrid.kernels says");
            assertThat(choice.level()).isEqualTo(Level.INFO);
        }
    }

    @Test
    void aForcedChoiceThatCannotBeHadIsRefusedWithWhatToType() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KernelsChoice.choose("vector", OBSTACLE))
                .withMessage("kernels: vector (cannot be had: start it with --add-modules jdk.incubator.vector)");
    }

    @Test
    void anUnknownNameIsRefusedWithTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KernelsChoice.named("fast"))
                .withMessage("kernels: fast (expected: one of [vector, plain, ojalgo])");
        assertThatIllegalArgumentException().isThrownBy(() -> KernelsChoice.choose("Plain", NO_OBSTACLE));
    }
}
