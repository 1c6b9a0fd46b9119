package org.expertgrid.experts.numpy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.expertgrid.experts.numpy.NamedRandomStates.Scope;
import org.junit.jupiter.api.Test;

class NamedRandomStatesTest {
    private static final double[] DRAWS = new RandomState(0).randn(4);

    private final NamedRandomStates states = new NamedRandomStates();

    @Test
    void everyNameAndTheUnnamedDefaultBeginWithSeedZero() {
        assertThat(states.current().randn()).isEqualTo(DRAWS[0]);
        for (String name : new String[] {"router", "expert", "testing", "never heard of", ""}) {
            assertThat(drawFrom(name)).as(name).isEqualTo(DRAWS[0]);
        }
        assertThat(states.current().randn()).isEqualTo(DRAWS[1]);
    }

    @Test
    void aNameGoesOnWhereItStopped() {
        assertThat(drawFrom("router")).isEqualTo(DRAWS[0]);
        assertThat(drawFrom("expert")).isEqualTo(DRAWS[0]);
        assertThat(drawFrom("router")).isEqualTo(DRAWS[1]);
    }

    @Test
    void scopesMayBeNested() {
        RandomState unnamed = states.current();
        try (Scope outer = states.enter("outer")) {
            try (Scope inner = states.enter("inner")) {
                assertThat(states.current())
                        .isSameAs(inner.randomState())
                        .isNotSameAs(outer.randomState())
                        .isNotSameAs(unnamed);
            }
            assertThat(states.current()).isSameAs(outer.randomState());
        }
        assertThat(states.current()).isSameAs(unnamed);
    }

    @Test
    void aNameMayBeNestedInItself() {
        try (Scope outer = states.enter("router")) {
            assertThat(outer.randomState().randn()).isEqualTo(DRAWS[0]);
            assertThat(drawFrom("router")).isEqualTo(DRAWS[1]);
            assertThat(states.current()).isSameAs(outer.randomState());
            assertThat(states.current().randn()).isEqualTo(DRAWS[2]);
        }
    }

    @Test
    void anExceptionInsideAScopeClosesIt() {
        RandomState unnamed = states.current();
        assertThatIllegalStateException()
                .isThrownBy(() -> {
                    try (Scope scope = states.enter("router")) {
                        throw new IllegalStateException("inside " + scope);
                    }
                })
                .withMessage("inside scope 'router'");
        assertThat(states.current()).isSameAs(unnamed);
    }

    @Test
    void closingOutOfOrderIsRefusedAndChangesNothing() {
        Scope outer = states.enter("outer");
        Scope inner = states.enter("inner");
        assertThatIllegalStateException()
                .isThrownBy(outer::close)
                .withMessage("close: scope 'outer' (expected: scope 'inner' first, which was entered later and is still"
                        + " open)");
        assertThat(states.current()).isSameAs(inner.randomState());
        inner.close();
        outer.close();
    }

    @Test
    void closingTwiceDoesNothing() {
        RandomState unnamed = states.current();
        Scope outer = states.enter("outer");
        Scope inner = states.enter("inner");
        inner.close();
        inner.close();
        assertThat(states.current()).isSameAs(outer.randomState());
        outer.close();
        outer.close();
        assertThat(states.current()).isSameAs(unnamed);
    }

    @Test
    void resetPutsEveryGeneratorBackToItsBeginning() {
        states.current().randn();
        drawFrom("router");
        states.reset();
        assertThat(states.current().randn()).isEqualTo(DRAWS[0]);
        assertThat(drawFrom("router")).isEqualTo(DRAWS[0]);
    }

    @Test
    void resetInsideAScopeIsRefusedAndChangesNothing() {
        drawFrom("router");
        try (Scope scope = states.enter("router")) {
            assertThatIllegalStateException()
                    .isThrownBy(states::reset)
                    .withMessage("reset: inside scope 'router' (expected: outside of every scope; close it first)");
            assertThat(scope.randomState().randn()).isEqualTo(DRAWS[1]);
        }
    }

    @Test
    void aNameIsNeeded() {
        assertThatNullPointerException().isThrownBy(() -> states.enter(null)).withMessage("name");
    }

    private double drawFrom(String name) {
        try (Scope scope = states.enter(name)) {
            assertThat(states.current()).isSameAs(scope.randomState());
            return states.current().randn();
        }
    }
}
