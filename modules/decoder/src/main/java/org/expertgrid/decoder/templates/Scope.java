package org.expertgrid.decoder.templates;

import java.util.HashMap;
import java.util.Map;
import org.expertgrid.decoder.python.Meter;
import org.expertgrid.decoder.python.Undefined;

/**
 * The variables that a part of a template sees: its own, and those around it. Variables that are set inside do not exist outside. For one thread.
 */
final class Scope {
    private final Scope outer;
    private final Meter meter;
    private final Map<String, Object> variables = new HashMap<>();

    private Scope(Scope outer, Meter meter) {
        this.outer = outer;
        this.meter = meter;
    }

    /** Returns the outermost scope, with these variables. */
    static Scope of(Map<String, Object> variables, Meter meter) {
        Scope scope = new Scope(null, meter);
        scope.variables.putAll(variables);
        return scope;
    }

    /** Returns a new scope inside of this one. */
    Scope inner() {
        return new Scope(this, meter);
    }

    Meter meter() {
        return meter;
    }

    void set(String name, Object value) {
        variables.put(name, value);
    }

    /** Returns the variable's value, {@link Undefined} if it has none. */
    Object get(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            if (scope.variables.containsKey(name)) {
                return scope.variables.get(name);
            }
        }
        return Undefined.variable(name);
    }

    /** Returns the expression's value here. */
    Object value(Expression expression) {
        meter.enter();
        Object value = expression.evaluate(this);
        meter.leave();
        return value;
    }
}
