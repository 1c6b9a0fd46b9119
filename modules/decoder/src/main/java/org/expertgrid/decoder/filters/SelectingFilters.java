package org.expertgrid.decoder.filters;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.expertgrid.decoder.python.Arguments;
import org.expertgrid.decoder.python.Meter;
import org.expertgrid.decoder.python.PythonError;
import org.expertgrid.decoder.python.Values;

/** The filters that take another filter, or a test, for each element. */
final class SelectingFilters {
    private SelectingFilters() {}

    static void addTo(Map<String, Filter> filters) {
        filters.put("map", SelectingFilters::mapped);
        filters.put("select", (value, arguments, meter) -> selected(value, arguments, false, true, meter));
        filters.put("reject", (value, arguments, meter) -> selected(value, arguments, false, false, meter));
        filters.put("selectattr", (value, arguments, meter) -> selected(value, arguments, true, true, meter));
        filters.put("rejectattr", (value, arguments, meter) -> selected(value, arguments, true, false, meter));
    }

    private static Object mapped(Object value, Arguments arguments, Meter meter) {
        List<Object> mapped = new ArrayList<>();
        for (Object element : Values.elements(value, meter)) {
            meter.step();
            meter.list(1);
            mapped.add(
                    arguments.positional().isEmpty()
                            ? attribute(element, arguments)
                            : Filter.named(name(arguments, 0)).apply(element, arguments.without(1), meter));
        }
        return Collections.unmodifiableList(mapped);
    }

    private static Object attribute(Object element, Arguments arguments) {
        Arguments.Bound bound = new Arguments("map", List.of(), arguments.named()).bind("attribute", "default");
        return SequenceFilters.attribute(element, bound.value(0), bound.value(1, null));
    }

    private static Object selected(
            Object value, Arguments arguments, boolean byAttribute, boolean wanted, Meter meter) {
        int own = byAttribute ? 1 : 0;
        if (arguments.positional().size() < own) {
            throw new PythonError("Missing parameter for attribute name");
        }
        boolean tests = arguments.positional().size() > own;
        List<Object> selected = new ArrayList<>();
        for (Object element : Values.elements(value, meter)) {
            meter.step();
            Object tested = byAttribute
                    ? SequenceFilters.attribute(element, arguments.positional().get(0))
                    : element;
            boolean holds = tests
                    ? IsTest.named(name(arguments, own)).holds(tested, arguments.without(own + 1), meter)
                    : Values.truth(tested);
            if (holds == wanted) {
                meter.list(1);
                selected.add(element);
            }
        }
        return Collections.unmodifiableList(selected);
    }

    private static String name(Arguments arguments, int i) {
        if (arguments.positional().get(i) instanceof String name) {
            return name;
        }
        throw new PythonError(arguments.callee() + "() argument " + (i + 1) + " must be the name of a filter or test");
    }
}
