package org.expertgrid.decoder.python;

import java.util.LinkedHashMap;
import java.util.Map;

/** The one value that a template can change: a set of named values. For one thread. */
public final class Namespace implements Attributed {
    private final Map<String, Object> values;

    public Namespace(Map<String, Object> values) {
        this.values = new LinkedHashMap<>(values);
    }

    @Override
    public Object attribute(String name) {
        return values.containsKey(name)
                ? values.get(name)
                : new Undefined("'namespace object' has no attribute " + Printing.quoted(name));
    }

    /** Sets the attribute. */
    public void set(String name, Object value) {
        values.put(name, value);
    }
}
