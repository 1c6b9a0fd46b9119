package org.expertgrid.decoder.filters;

import java.util.HashMap;
import java.util.Map;
import org.expertgrid.decoder.python.Arguments;
import org.expertgrid.decoder.python.Meter;
import org.expertgrid.decoder.python.PythonError;

/** A filter after a bar: it makes a value from another value. */
@FunctionalInterface
public interface Filter {
    Object apply(Object value, Arguments arguments, Meter meter);

    Map<String, Filter> ALL = all();

    /**
     * Returns the filter of that name.
     *
     * @throws PythonError if there is none
     */
    static Filter named(String name) {
        Filter filter = ALL.get(name);
        if (filter == null) {
            throw new PythonError("No filter named '" + name + "'.");
        }
        return filter;
    }

    private static Map<String, Filter> all() {
        Map<String, Filter> filters = new HashMap<>();
        TextFilters.addTo(filters);
        ValueFilters.addTo(filters);
        SequenceFilters.addTo(filters);
        SelectingFilters.addTo(filters);
        return Map.copyOf(filters);
    }
}
