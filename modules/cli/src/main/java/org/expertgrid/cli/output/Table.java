package org.expertgrid.cli.output;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table in Markdown, so that the output of a terminal can be pasted into a page.
 *
 * <p>For one thread.
 */
public final class Table {
    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... header) {
        this.header = List.of(header);
    }

    /** Adds a row: numbers with three significant digits, other values as text. */
    public void add(Object... cells) {
        rows.add(Arrays.stream(cells).map(Table::text).toList());
    }

    /** Returns its lines with aligned columns, including the line of dashes. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(line(header));
        lines.add(IntStream.range(0, header.size())
                .mapToObj(i -> isNumeric(i) ? "-".repeat(width(i) + 1) + ":" : "-".repeat(width(i) + 2))
                .collect(Collectors.joining("|", "|", "|")));
        rows.forEach(row -> lines.add(line(row)));
        return lines;
    }

    private String line(List<String> cells) {
        return IntStream.range(0, header.size())
                .mapToObj(i -> isNumeric(i)
                        ? " " + " ".repeat(width(i) - cells.get(i).length()) + cells.get(i) + " "
                        : " " + cells.get(i)
                                + " ".repeat(width(i) - cells.get(i).length()) + " ")
                .collect(Collectors.joining("|", "|", "|"));
    }

    private int width(int column) {
        int widest = header.get(column).length();
        for (List<String> row : rows) {
            widest = Math.max(widest, row.get(column).length());
        }
        return widest;
    }

    private boolean isNumeric(int column) {
        return !rows.isEmpty() && rows.stream().allMatch(row -> row.get(column).matches("[-0-9.,%]*"));
    }

    private static String text(Object cell) {
        return cell instanceof Double number ? number(number) : String.valueOf(cell);
    }

    /** Returns a number with three significant digits and all digits before the point, or empty text for NaN. */
    public static String number(double number) {
        if (Double.isNaN(number)) {
            return "";
        }
        double size = Math.abs(number);
        int digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + digits + "f", number);
    }
}
