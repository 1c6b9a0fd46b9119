package org.expertgrid.cluster.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.expertgrid.cluster.errors.MalformedMessageException;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.kernels.ElementType;
import org.junit.jupiter.api.Test;

/** The numbers are in stores: a test that has to be changed here means that old stores cannot be read. */
class CodesTest {
    @Test
    void theNumbersOfConstantsNeverChange() {
        assertCodes(Codes.ELEMENT_TYPES, List.of(ElementType.FLOAT64, ElementType.FLOAT32), ElementType.values());
        assertCodes(Codes.EXCHANGES, List.of(Exchange.CONCAT, Exchange.REDUCE), Exchange.values());
        assertCodes(
                Codes.KINDS,
                List.of(ModelDefinition.Kind.MOE, ModelDefinition.Kind.EXPERT, ModelDefinition.Kind.LINEAR),
                ModelDefinition.Kind.values());
    }

    private static <E extends Enum<E>> void assertCodes(Codes<E> codes, List<E> inOrder, E[] all) {
        assertThat(inOrder).containsExactlyInAnyOrderElementsOf(Arrays.asList(all));
        for (int code = 0; code < inOrder.size(); code++) {
            assertThat(codes.of(inOrder.get(code))).isEqualTo(code);
            assertThat(codes.constant(code)).isEqualTo(inOrder.get(code));
        }
    }

    @Test
    void anUnknownNumberIsRefusedAndTheKnownOnesAreNamed() {
        assertThatThrownBy(() -> Codes.EXCHANGES.constant(7))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("exchange: 7 (expected: one of {0=CONCAT, 1=REDUCE})");
    }
}
