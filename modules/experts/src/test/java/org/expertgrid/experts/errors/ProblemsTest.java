package org.expertgrid.experts.errors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ProblemsTest {
    @Test
    void allAreToldInTheOrderInWhichTheyWereFoundAndNoneTwice() {
        Problems problems = new Problems()
                .expect(false, "ranks", 0, "at least 1")
                .expect(true, "topK", 1, "at least 1")
                .expect(false, "ranks", 0, "at least 1")
                .expect(false, "rows", 3, "4");

        assertThat(problems.found()).containsExactly("ranks: 0 (expected: at least 1)", "rows: 3 (expected: 4)");
        assertThatThrownBy(problems::throwIfAny)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ranks: 0 (expected: at least 1); rows: 3 (expected: 4)");
    }

    @Test
    void withoutAnyNothingIsThrown() {
        assertThatCode(() ->
                        new Problems().expect(true, "ranks", 1, "at least 1").throwIfAny())
                .doesNotThrowAnyException();
    }
}
