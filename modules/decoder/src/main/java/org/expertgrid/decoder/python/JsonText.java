package org.expertgrid.decoder.python;

import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes values as Python's {@code json.dumps} does.
 *
 * @param indent what each level is indented by, null for all on one line
 * @param between what stands between elements
 * @param afterKey what stands between a key and its value
 * @param sortKeys whether the entries of mappings are in the order of their keys
 * @param asciiOnly whether other characters are escaped
 */
public record JsonText(String indent, String between, String afterKey, boolean sortKeys, boolean asciiOnly) {

    /** Returns the value as JSON. */
    public String of(Object value, Meter meter) {
        StringBuilder out = new StringBuilder();
        write(value, "\n", out, meter);
        return out.toString();
    }

    private void write(Object value, String newLine, StringBuilder out, Meter meter) {
        meter.enter();
        if (value instanceof Map<?, ?> map) {
            writeMap(map, newLine, out, meter);
        } else if (value instanceof List || value instanceof Tuple) {
            writeList(Values.elements(value, meter), newLine, out, meter);
        } else {
            String text = value instanceof String string ? quoted(string) : scalar(value);
            meter.text(text.length());
            out.append(text);
        }
        meter.leave();
    }

    private void writeList(List<?> list, String newLine, StringBuilder out, Meter meter) {
        if (list.isEmpty()) {
            out.append("[]");
            return;
        }
        out.append('[');
        String inner = deeper(newLine, meter);
        for (Iterator<?> i = list.iterator(); i.hasNext(); ) {
            breakLine(inner, out, meter);
            write(i.next(), inner, out, meter);
            out.append(i.hasNext() ? between : "");
        }
        breakLine(newLine, out, meter);
        out.append(']');
    }

    private void writeMap(Map<?, ?> map, String newLine, StringBuilder out, Meter meter) {
        if (map.isEmpty()) {
            out.append("{}");
            return;
        }
        out.append('{');
        String inner = deeper(newLine, meter);
        for (Iterator<Map.Entry<String, Object>> i = entries(map).iterator(); i.hasNext(); ) {
            Map.Entry<String, Object> entry = i.next();
            breakLine(inner, out, meter);
            meter.text(entry.getKey().length());
            out.append(quoted(entry.getKey())).append(afterKey);
            write(entry.getValue(), inner, out, meter);
            out.append(i.hasNext() ? between : "");
        }
        breakLine(newLine, out, meter);
        out.append('}');
    }

    private List<Map.Entry<String, Object>> entries(Map<?, ?> map) {
        List<Map.Entry<String, Object>> entries = new ArrayList<>();
        map.forEach((key, value) -> {
            String name = key instanceof String text ? text : scalar(key);
            entries.add(new AbstractMap.SimpleImmutableEntry<>(name, value));
        });
        if (!sortKeys) {
            return entries;
        }
        TreeMap<String, Object> sorted = new TreeMap<>();
        entries.forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return new ArrayList<>(sorted.entrySet());
    }

    private String deeper(String newLine, Meter meter) {
        if (indent == null) {
            return newLine;
        }
        meter.text((long) newLine.length() + indent.length());
        return newLine + indent;
    }

    private void breakLine(String newLine, StringBuilder out, Meter meter) {
        if (indent != null) {
            meter.text(newLine.length());
            out.append(newLine);
        }
    }

    private static String scalar(Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof Boolean) {
            return value.toString();
        }
        if (value instanceof Double number) {
            return Double.isNaN(number)
                    ? "NaN"
                    : Double.isInfinite(number) ? (number > 0 ? "Infinity" : "-Infinity") : Printing.floating(number);
        }
        if (value instanceof Number) {
            return value.toString();
        }
        throw new PythonError("Object of type " + Values.typeName(value) + " is not JSON serializable");
    }

    private String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            switch (character) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (character < ' ' || asciiOnly && character > '~') {
                        out.append(String.format("\\u%04x", (int) character));
                    } else {
                        out.append(character);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
