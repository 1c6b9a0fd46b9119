package org.expertgrid.decoder.templates;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.expertgrid.decoder.python.Arguments;
import org.expertgrid.decoder.python.Callable;
import org.expertgrid.decoder.python.PythonError;
import org.expertgrid.decoder.python.Tuple;
import org.expertgrid.decoder.python.Undefined;

/**
 * A part of a template that is called like a function and returns what it prints.
 *
 * @param defaults the value of each parameter that is not passed; null where there is none
 * @param reads which of the names {@code varargs}, {@code kwargs} and {@code caller} the body reads: only then may they be passed
 */
record Macro(String name, List<String> parameters, List<Expression> defaults, Set<String> reads, Block body) {

    /** Returns the function that executes the body inside of this scope. */
    Callable in(Scope outer) {
        return (arguments, meter) -> {
            meter.enter();
            Scope scope = outer.inner();
            pass(arguments, scope);
            String text = body.text(scope);
            meter.leave();
            return text;
        };
    }

    private void pass(Arguments arguments, Scope scope) {
        Map<String, Object> named = new LinkedHashMap<>(arguments.named());
        List<Object> positional = arguments.positional();
        for (int i = 0; i < parameters.size(); i++) {
            String parameter = parameters.get(i);
            if (i < positional.size()) {
                if (named.containsKey(parameter)) {
                    throw new PythonError("macro '" + name + "' got multiple values for argument '" + parameter + "'");
                }
                scope.set(parameter, positional.get(i));
            } else if (named.containsKey(parameter)) {
                scope.set(parameter, named.remove(parameter));
            } else if (defaults.get(i) != null) {
                scope.set(parameter, scope.value(defaults.get(i)));
            } else {
                scope.set(parameter, new Undefined("parameter '" + parameter + "' was not provided"));
            }
        }
        if (reads.contains("caller")) {
            Object caller = named.remove("caller");
            scope.set("caller", caller == null ? Undefined.variable("caller") : caller);
        }
        passMore(positional, named, scope);
    }

    private void passMore(List<Object> positional, Map<String, Object> named, Scope scope) {
        int known = Math.min(parameters.size(), positional.size());
        if (reads.contains("varargs")) {
            scope.set("varargs", new Tuple(positional.subList(known, positional.size())));
        } else if (known < positional.size()) {
            throw new PythonError("macro '" + name + "' takes not more than " + parameters.size() + " argument(s)");
        }
        if (reads.contains("kwargs")) {
            scope.set("kwargs", Collections.unmodifiableMap(named));
        } else if (!named.isEmpty()) {
            throw new PythonError("macro '" + name + "' takes no keyword argument '"
                    + named.keySet().iterator().next() + "'");
        }
    }
}
