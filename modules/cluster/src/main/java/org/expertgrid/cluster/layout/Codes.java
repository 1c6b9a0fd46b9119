package org.expertgrid.cluster.layout;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.expertgrid.cluster.errors.MalformedMessageException;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.kernels.ElementType;

/**
 * The numbers that stand for an enum's constants on the wire and on disk. A number never changes its meaning: stores are older than
 * the program that reads them. A new constant gets a new number.
 *
 * <p>Safe for use by many threads.
 *
 * @param <E> the enum
 */
public final class Codes<E extends Enum<E>> {
    public static final Codes<ElementType> ELEMENT_TYPES =
            new Codes<>("element type", Map.of(0, ElementType.FLOAT64, 1, ElementType.FLOAT32));
    public static final Codes<Exchange> EXCHANGES =
            new Codes<>("exchange", Map.of(0, Exchange.CONCAT, 1, Exchange.REDUCE));
    public static final Codes<ModelDefinition.Kind> KINDS = new Codes<>(
            "kind",
            Map.of(0, ModelDefinition.Kind.MOE, 1, ModelDefinition.Kind.EXPERT, 2, ModelDefinition.Kind.LINEAR));

    private final String name;
    private final Map<Integer, E> constants;
    private final Map<E, Integer> codes;

    /**
     * Takes the constants by their numbers.
     *
     * @param name what a constant is called in messages
     */
    public Codes(String name, Map<Integer, E> constants) {
        this.name = name;
        this.constants = Map.copyOf(constants);
        this.codes = constants.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));
    }

    /** Returns the numbers that constants have themselves. */
    public static <E extends Enum<E>> Codes<E> of(String name, E[] constants, ToIntFunction<E> code) {
        Map<Integer, E> byCode =
                Arrays.stream(constants).collect(Collectors.toMap(one -> code.applyAsInt(one), one -> one));
        return new Codes<>(name, byCode);
    }

    /** Returns the number of a constant. */
    public int of(E constant) {
        Integer code = codes.get(constant);
        if (code == null) {
            throw new IllegalArgumentException(
                    name + ": " + constant + " has no number (expected: one of " + codes + ")");
        }
        return code;
    }

    /**
     * Returns the constant of a number.
     *
     * @throws MalformedMessageException if no constant has it
     */
    public E constant(int code) {
        E constant = constants.get(code);
        if (constant == null) {
            throw new MalformedMessageException(
                    name + ": " + code + " (expected: one of " + new TreeMap<>(constants) + ")");
        }
        return constant;
    }
}
