package org.expertgrid.cli.options;

import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads numbers of layers: {@code 0-3,7}. */
public final class LayerNumbers {
    private static final Pattern RANGE = Pattern.compile("(\\d{1,6})(?:-(\\d{1,6}))?");

    private LayerNumbers() {}

    /**
     * Returns the numbers in ascending order, each once.
     *
     * @throws IllegalArgumentException if the text is no list of numbers and ranges
     */
    public static List<Integer> parse(String text) {
        TreeSet<Integer> numbers = new TreeSet<>();
        for (String part : text.split(",", -1)) {
            Matcher range = RANGE.matcher(part.strip());
            int first = range.matches() ? Integer.parseInt(range.group(1)) : 1;
            int last = range.matches() && range.group(2) != null ? Integer.parseInt(range.group(2)) : first;
            if (!range.matches() || last < first) {
                throw new IllegalArgumentException(
                        "--layers: " + text + " (expected: numbers and ascending ranges, as in 0-3,7)");
            }
            for (int number = first; number <= last; number++) {
                numbers.add(number);
            }
        }
        return List.copyOf(numbers);
    }
}
