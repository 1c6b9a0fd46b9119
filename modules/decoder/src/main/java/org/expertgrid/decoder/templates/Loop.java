package org.expertgrid.decoder.templates;

import static org.expertgrid.decoder.python.Values.truth;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.expertgrid.decoder.python.Arguments;
import org.expertgrid.decoder.python.Attributed;
import org.expertgrid.decoder.python.Callable;
import org.expertgrid.decoder.python.Comparison;
import org.expertgrid.decoder.python.Meter;
import org.expertgrid.decoder.python.PythonError;
import org.expertgrid.decoder.python.Tuple;
import org.expertgrid.decoder.python.Undefined;
import org.expertgrid.decoder.python.Values;

/**
 * <code>{% for target in elements if condition %}body{% else %}otherwise{% endfor %}</code>.
 *
 * @param condition which elements are taken; null for all
 * @param recursive whether the body may call {@code loop} with elements of its own
 */
record Loop(Target target, Expression elements, Expression condition, boolean recursive, Block body, Block otherwise)
        implements Statement {
    @Override
    public Flow execute(Scope scope, StringBuilder out) {
        return run(scope.value(elements), scope, out, 0);
    }

    private Flow run(Object values, Scope scope, StringBuilder out, int depth) {
        List<Object> taken = taken(Values.elements(values, scope.meter()), scope);
        if (taken.isEmpty()) {
            return otherwise.execute(scope.inner(), out);
        }
        Progress progress = new Progress(taken, scope, depth);
        Flow flow = Flow.NEXT;
        while (flow != Flow.BREAK && progress.index < taken.size()) {
            scope.meter().step();
            Scope inner = scope.inner();
            inner.set("loop", progress);
            target.assign(inner, taken.get(progress.index));
            flow = body.execute(inner, out);
            progress.index++;
        }
        return Flow.NEXT;
    }

    private List<Object> taken(List<Object> values, Scope scope) {
        if (condition == null) {
            return values;
        }
        List<Object> taken = new ArrayList<>();
        for (Object value : values) {
            scope.meter().list(1);
            Scope inner = scope.inner();
            target.assign(inner, value);
            if (truth(inner.value(condition))) {
                taken.add(value);
            }
        }
        return taken;
    }

    /** The variable {@code loop}. */
    private final class Progress implements Attributed, Callable {
        private final List<Object> taken;
        private final Scope scope;
        private final int depth;
        private int index;
        private Object lastSeen;

        Progress(List<Object> taken, Scope scope, int depth) {
            this.taken = taken;
            this.scope = scope;
            this.depth = depth;
        }

        @Override
        public Object attribute(String name) {
            long place = index;
            long length = taken.size();
            return switch (name) {
                case "index" -> place + 1;
                case "index0" -> place;
                case "revindex" -> length - place;
                case "revindex0" -> length - place - 1;
                case "first" -> place == 0;
                case "last" -> place == length - 1;
                case "length" -> length;
                case "depth" -> depth + 1L;
                case "depth0" -> (long) depth;
                case "previtem" -> index > 0 ? taken.get(index - 1) : new Undefined("there is no previous item");
                case "nextitem" -> index + 1 < length ? taken.get(index + 1) : new Undefined("there is no next item");
                case "cycle" -> (Callable) (arguments, meter) -> cycle(arguments);
                case "changed" -> (Callable) this::changed;
                default -> new Undefined("'loop' has no attribute '" + name + "'");
            };
        }

        private Object cycle(Arguments arguments) {
            if (arguments.positional().isEmpty()) {
                throw new PythonError("no items for cycling given");
            }
            return arguments.positional().get(index % arguments.positional().size());
        }

        private Object changed(Arguments arguments, Meter meter) {
            Tuple seen = new Tuple(arguments.positional());
            boolean changed = Objects.isNull(lastSeen) || !Comparison.equal(seen, lastSeen, meter);
            lastSeen = seen;
            return changed;
        }

        /** Runs the loop over other elements, and returns what it prints. */
        @Override
        public Object call(Arguments arguments, Meter meter) {
            if (!recursive) {
                throw new PythonError("the loop is not recursive (expected: '{% for ... in ... recursive %}')");
            }
            meter.enter();
            StringBuilder out = new StringBuilder();
            run(arguments.bind("iterable").value(0), scope, out, depth + 1);
            meter.leave();
            return out.toString();
        }
    }
}
