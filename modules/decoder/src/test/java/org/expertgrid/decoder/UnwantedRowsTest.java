package org.expertgrid.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.experts.layers.BatchedMoe;
import org.expertgrid.experts.layers.Layer;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows whose logits nobody wants do not go through the experts of the last layer. */
class UnwantedRowsTest {
    /** Which layer was given how many rows. */
    private final ConcurrentLinkedQueue<String> forwards = new ConcurrentLinkedQueue<>();

    private Decoder open(int groups) {
        Checkpoint checkpoint = Checkpoint.open(TinyAusten.FOLDER);
        DecoderOptions defaults = DecoderOptions.defaults();
        return Decoder.open(checkpoint, defaults.withGroups(groups).withExpertLayers(layer -> {
            Layer experts = new BatchedMoe(checkpoint.layer(layer), defaults.kernels(), defaults.team());
            return x -> {
                forwards.add(layer + ": " + x.rows());
                return experts.forward(x);
            };
        }));
    }

    @Test
    void theLastLayersExpertsSeeTheWantedRowsAlone() {
        Decoder decoder = open(1);
        try (Sequence one = decoder.begin(20);
                Sequence other = decoder.begin(20)) {
            decoder.step(List.of(new Chunk(one, tokens(7), 0), new Chunk(other, tokens(5), 2)));
            assertThat(forwards).containsExactly("0: 12", "1: 12", "2: 12", "3: 2");
            forwards.clear();
            assertThat(decoder.step(List.of(new Chunk(one, tokens(3), 0))).logits())
                    .containsExactly(Matrix.zeros(
                            ElementType.FLOAT32, 0, decoder.architecture().vocabularySize()));
            assertThat(forwards).containsExactly("0: 3", "1: 3", "2: 3");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void theLogitsThatAreWantedHaveTheBitsOfThoseAmongAll(int groups) {
        Decoder decoder = open(groups);
        for (int wanted = 0; wanted <= 9; wanted++) {
            List<Matrix> some = logits(decoder, wanted);
            List<Matrix> all = logits(decoder, 9);
            for (int i = 0; i < some.size(); i++) {
                assertThat(some.get(i)).isEqualTo(all.get(i).rowRange(9 - wanted, 9));
            }
        }
    }

    private static List<Matrix> logits(Decoder decoder, int wanted) {
        List<Sequence> sequences = List.of(decoder.begin(20), decoder.begin(20), decoder.begin(20));
        List<Chunk> chunks = new ArrayList<>();
        sequences.forEach(sequence -> chunks.add(new Chunk(sequence, tokens(9 + chunks.size()), wanted)));
        List<Matrix> logits = decoder.step(chunks).logits();
        sequences.forEach(Sequence::close);
        return logits;
    }

    private static int[] tokens(int count) {
        int[] tokens = new int[count];
        Arrays.setAll(tokens, i -> 3 + 5 * i);
        return tokens;
    }
}
