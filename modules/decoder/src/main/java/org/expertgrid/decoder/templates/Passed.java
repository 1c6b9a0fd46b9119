package org.expertgrid.decoder.templates;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.expertgrid.decoder.python.Arguments;
import org.expertgrid.decoder.python.PythonError;
import org.expertgrid.decoder.python.Values;

/**
 * The arguments of a call, not evaluated yet.
 *
 * @param elements the expression after a star, which stands for as many arguments as it has elements; null for none
 * @param entries the expression after two stars, which stands for named arguments; null for none
 */
record Passed(List<Expression> positional, Map<String, Expression> named, Expression elements, Expression entries) {
    static final Passed NOTHING = new Passed(List.of(), Map.of(), null, null);

    static Passed one(Expression argument) {
        return new Passed(List.of(argument), Map.of(), null, null);
    }

    Arguments evaluate(String callee, Scope scope) {
        List<Object> values = Values.newList(positional.size(), scope.meter());
        positional.forEach(expression -> values.add(scope.value(expression)));
        Map<String, Object> namedValues = new LinkedHashMap<>();
        named.forEach((name, expression) -> namedValues.put(name, scope.value(expression)));
        if (elements != null) {
            List<Object> more = Values.elements(scope.value(elements), scope.meter());
            scope.meter().list(more.size());
            values.addAll(more);
        }
        if (entries != null) {
            if (!(scope.value(entries) instanceof Map<?, ?> map)) {
                throw new PythonError(callee + "() argument after ** must be a mapping");
            }
            scope.meter().list(map.size());
            map.forEach((name, value) -> namedValues.put((String) name, value));
        }
        return new Arguments(callee, values, namedValues);
    }
}
