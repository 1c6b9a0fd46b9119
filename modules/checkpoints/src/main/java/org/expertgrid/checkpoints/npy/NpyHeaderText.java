package org.expertgrid.checkpoints.npy;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.WeightFormat;

/**
 * Reads a {@code .npy} header's text, {@code {'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }}.
 *
 * <p>The text is a Python dictionary. Of Python, only the forms that NumPy writes, or has written, are understood: the three keys in
 * any order, either kind of quotes, white space anywhere between, a comma after the last, a 'long' integer's L.
 * Nothing is evaluated, and everything else is an error.
 */
final class NpyHeaderText {
    private static final int LONGEST_EXCERPT = 40;
    private static final String BYTE_ORDERS = "<>=";

    private final Path file;
    private final String text;
    private int position;

    private String descr;
    private Boolean fortranOrder;
    private List<Long> shape;

    private NpyHeaderText(Path file, String text) {
        this.file = file;
        this.text = text;
    }

    /** Returns what the text says; {@code file} is for error messages. */
    static NpyHeader parse(Path file, String text) {
        NpyHeaderText parser = new NpyHeaderText(file, text);
        parser.dictionary();
        return parser.header();
    }

    private NpyHeader header() {
        present("descr", descr);
        present("fortran_order", fortranOrder);
        present("shape", shape);
        if (shape.isEmpty() || shape.size() > 2) {
            throw problem("shape", shapeAsPython(), "one or two dimensions");
        }
        long rows = shape.size() == 1 ? 1 : shape.get(0);
        long columns = shape.get(shape.size() - 1);
        int most = Matrix.MOST_ELEMENTS;
        if (rows > most || columns > most || rows * columns > most) {
            throw tooManyElements(shapeAsPython());
        }
        return new NpyHeader(format(), byteOrder(), fortranOrder, shape.size(), (int) rows, (int) columns);
    }

    private WeightFormat format() {
        return switch (descr.isEmpty() || BYTE_ORDERS.indexOf(descr.charAt(0)) < 0 ? descr : descr.substring(1)) {
            case "f8" -> WeightFormat.FLOAT64;
            case "f4" -> WeightFormat.FLOAT32;
            case "f2" -> WeightFormat.F16;
            default -> throw notFloats("'" + descr + "'");
        };
    }

    private ByteOrder byteOrder() {
        return switch (descr.charAt(0)) {
            case '<' -> ByteOrder.LITTLE_ENDIAN;
            case '>' -> ByteOrder.BIG_ENDIAN;
            default -> ByteOrder.nativeOrder();
        };
    }

    private void dictionary() {
        require('{');
        while (!skip('}')) {
            entry();
            if (!skip(',')) {
                require('}');
                break;
            }
        }
        if (peek() != 0) {
            throw unexpected("nothing after '}'");
        }
    }

    private void entry() {
        String key = string("a key in quotes");
        require(':');
        switch (key) {
            case "descr" -> {
                absent(key, descr);
                descr = descr();
            }
            case "fortran_order" -> {
                absent(key, fortranOrder);
                fortranOrder = bool();
            }
            case "shape" -> {
                absent(key, shape);
                shape = tuple();
            }
            default -> throw problem("key", "'" + excerpt(key) + "'", "'descr', 'fortran_order' and 'shape' only");
        }
    }

    private String descr() {
        char next = peek();
        if (next == '[' || next == '(') {
            throw notFloats(excerpt(text.substring(position)));
        }
        return string("a data type in quotes");
    }

    private boolean bool() {
        if (skip("True")) {
            return true;
        }
        if (skip("False")) {
            return false;
        }
        throw unexpected("fortran_order to be True or False");
    }

    private List<Long> tuple() {
        List<Long> numbers = new ArrayList<>();
        boolean comma = true;
        require('(');
        while (!skip(')')) {
            if (!comma) {
                throw unexpected("',' or ')' in shape");
            }
            numbers.add(number());
            comma = skip(',');
        }
        if (numbers.size() == 1 && !comma) {
            throw problem("shape", "(" + numbers.get(0) + ")", "a tuple, which of one number is written (n,)");
        }
        return numbers;
    }

    private long number() {
        peek();
        int start = position;
        while (position < text.length() && text.charAt(position) >= '0' && text.charAt(position) <= '9') {
            position++;
        }
        String digits = text.substring(start, position);
        if (digits.isEmpty() || digits.length() > 1 && digits.charAt(0) == '0') {
            position = start;
            throw unexpected("an integer >= 0 in shape");
        }
        if (digits.length() > 18) {
            throw tooManyElements(excerpt(digits));
        }
        if (position < text.length() && text.charAt(position) == 'L') {
            position++;
        }
        return Long.parseLong(digits);
    }

    private String string(String expected) {
        char quote = peek();
        int end = quote == '\'' || quote == '"' ? text.indexOf(quote, position + 1) : -1;
        if (end < 0 || text.substring(position, end).indexOf('\\') >= 0) {
            throw unexpected(expected);
        }
        String content = text.substring(position + 1, end);
        position = end + 1;
        return content;
    }

    /** Returns the next character that is not white space, and stops before it; at the end 0, which is no text. */
    private char peek() {
        while (position < text.length() && " \t\r\n\f".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
        if (position < text.length() && text.charAt(position) == 0) {
            throw unexpected("text without zero bytes");
        }
        return position < text.length() ? text.charAt(position) : 0;
    }

    private boolean skip(char expected) {
        boolean found = peek() == expected;
        if (found) {
            position++;
        }
        return found;
    }

    private boolean skip(String expected) {
        peek();
        boolean found = text.startsWith(expected, position);
        if (found) {
            position += expected.length();
        }
        return found;
    }

    private void require(char expected) {
        if (!skip(expected)) {
            throw unexpected("'" + expected + "'");
        }
    }

    private void present(String key, Object value) {
        if (value == null) {
            throw problem("header", excerpt(text), "to have the key '" + key + "'");
        }
    }

    private void absent(String key, Object value) {
        if (value != null) {
            throw problem("key", "'" + key + "' twice", "once");
        }
    }

    private BadFileException notFloats(String found) {
        return problem("descr", excerpt(found), "'f2', 'f4' or 'f8', alone or after '<', '>' or '='");
    }

    private BadFileException unexpected(String expected) {
        String rest = position < text.length() ? excerpt(text.substring(position)) : "nothing";
        return problem("header at character " + position, rest, expected);
    }

    private BadFileException tooManyElements(String shape) {
        return problem("shape", shape, "at most " + Matrix.MOST_ELEMENTS + " elements, a Java array's length");
    }

    private BadFileException problem(String name, Object found, String expected) {
        return NpyHeader.problem(file, name, found, expected);
    }

    private String shapeAsPython() {
        String numbers = shape.toString();
        return "(" + numbers.substring(1, numbers.length() - 1) + (shape.size() == 1 ? ",)" : ")");
    }

    /** Returns the beginning of something that a file said, fit for one line of a message. */
    private static String excerpt(String found) {
        String printable = found.replaceAll("[^\\x20-\\x7E]", "?").strip();
        return printable.length() <= LONGEST_EXCERPT ? printable : printable.substring(0, LONGEST_EXCERPT) + "...";
    }
}
