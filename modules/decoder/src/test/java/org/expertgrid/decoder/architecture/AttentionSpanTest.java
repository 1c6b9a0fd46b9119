package org.expertgrid.decoder.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AttentionSpanTest {
    @Test
    void aWindowHoldsTheLastPositionsAndTheirOwn() {
        AttentionSpan window = new AttentionSpan(AttentionSpan.Kind.WINDOW, 5);
        assertThat(window.first(3)).isZero();
        assertThat(window.first(4)).isZero();
        assertThat(window.first(5)).isOne();
    }

    @Test
    void aChunkBeginsAtAMultipleOfItsSize() {
        AttentionSpan chunk = new AttentionSpan(AttentionSpan.Kind.CHUNK, 8);
        assertThat(chunk.first(7)).isZero();
        assertThat(chunk.first(8)).isEqualTo(8);
        assertThat(chunk.first(15)).isEqualTo(8);
    }

    @Test
    void withoutABoundItBeginsAtTheFirstPosition() {
        assertThat(AttentionSpan.ALL.first(1000)).isZero();
    }
}
