package org.expertgrid.server.openai;

import java.util.List;

/** The bounds of requests of all kinds, and the fields that all of them read alike. */
final class Limits {
    /** How many texts one request may ask for. */
    static final int CHOICES = 16;
    /** How many tokens may be told at each place, beside the chosen one. */
    static final int TOP_LOG_PROBABILITIES = 20;

    private Limits() {}

    static String model(Fields fields) {
        return fields.text("model").orElseGet(() -> {
            if (fields.value("model") == null) {
                fields.missing("model", "the name of the model");
            }
            return "";
        });
    }

    /** Returns the elements as ids, and names those that are none. */
    static int[] ids(Fields fields, String name, List<?> elements) {
        return elements.stream()
                .mapToInt(element -> {
                    if (element instanceof Integer id && id >= 0) {
                        return id;
                    }
                    fields.problem(name, element, "ids of tokens, from 0 on");
                    return 0;
                })
                .toArray();
    }
}
