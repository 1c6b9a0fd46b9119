package org.expertgrid.decoder.templates;

import static org.expertgrid.decoder.python.Values.truth;

import java.util.List;
import org.expertgrid.decoder.python.Arguments;
import org.expertgrid.decoder.python.Callable;
import org.expertgrid.decoder.python.Printing;
import org.expertgrid.decoder.python.PythonError;
import org.expertgrid.decoder.python.Undefined;

/** A part of a template that prints, chooses, repeats, or sets something. Immutable. */
interface Statement {
    /** How a statement ends: whether the one after it comes next. */
    enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    /** Executes the statement, and appends what it prints; {@link Block} calls this. */
    Flow execute(Scope scope, StringBuilder out);

    /** Text outside of braces. */
    record Text(String text) implements Statement {
        @Override
        public Flow execute(Scope scope, StringBuilder out) {
            scope.meter().text(text.length());
            out.append(text);
            return Flow.NEXT;
        }
    }

    /** <code>{{ value }}</code>. */
    record Output(Expression value) implements Statement {
        @Override
        public Flow execute(Scope scope, StringBuilder out) {
            String text = Printing.str(scope.value(value), scope.meter());
            scope.meter().text(text.length());
            out.append(text);
            return Flow.NEXT;
        }
    }

    /** <code>{% if %}</code> with all its branches; {@code bodies} has one more than there are conditions: the one of else. */
    record Choice(List<Expression> conditions, List<Block> bodies) implements Statement {
        @Override
        public Flow execute(Scope scope, StringBuilder out) {
            int i = 0;
            while (i < conditions.size() && !truth(scope.value(conditions.get(i)))) {
                i++;
            }
            return bodies.get(i).execute(scope, out);
        }
    }

    /** <code>{% set target = value %}</code>. */
    record Assignment(Target target, Expression value) implements Statement {
        @Override
        public Flow execute(Scope scope, StringBuilder out) {
            target.assign(scope, scope.value(value));
            return Flow.NEXT;
        }
    }

    /** <code>{% set target | filter %}body{% endset %}</code>; the value is that of {@code value} in a scope that has the text. */
    record Capture(Target target, Expression value, Block body) implements Statement {
        @Override
        public Flow execute(Scope scope, StringBuilder out) {
            target.assign(scope, captured(value, body, scope));
            return Flow.NEXT;
        }
    }

    /** <code>{% filter name %}body{% endfilter %}</code>; the value is that of {@code value} in a scope that has the text. */
    record FilteredBlock(Expression value, Block body) implements Statement {
        @Override
        public Flow execute(Scope scope, StringBuilder out) {
            String text = Printing.str(captured(value, body, scope), scope.meter());
            scope.meter().text(text.length());
            out.append(text);
            return Flow.NEXT;
        }
    }

    /** The name of what a captured body printed; no template can write it. */
    String CAPTURED = "the body's text";

    private static Object captured(Expression value, Block body, Scope scope) {
        Scope inner = scope.inner();
        inner.set(CAPTURED, body.text(scope.inner()));
        return inner.value(value);
    }

    /** A block with variables of its own: <code>{% with %}</code>, and <code>{% generation %}</code>, which marks what a model said. */
    record Enclosed(List<Target> targets, List<Expression> values, Block body) implements Statement {
        @Override
        public Flow execute(Scope scope, StringBuilder out) {
            Scope inner = scope.inner();
            for (int i = 0; i < targets.size(); i++) {
                targets.get(i).assign(inner, scope.value(values.get(i)));
            }
            return body.execute(inner, out);
        }
    }

    /** <code>{% macro %}</code>. */
    record Definition(Macro macro) implements Statement {
        @Override
        public Flow execute(Scope scope, StringBuilder out) {
            scope.set(macro.name(), macro.in(scope));
            return Flow.NEXT;
        }
    }

    /** <code>{% call macro() %}body{% endcall %}</code>: the macro can print the body by calling {@code caller}. */
    record CallBlock(Expression.Call call, Macro body) implements Statement {
        @Override
        public Flow execute(Scope scope, StringBuilder out) {
            Object called = scope.value(call.callee());
            if (!(called instanceof Callable callable)) {
                throw new PythonError(
                        called instanceof Undefined undefined ? undefined.message() : "a call of what is no macro");
            }
            Arguments arguments = call.arguments().evaluate("call", scope);
            arguments.named().put("caller", body.in(scope));
            String text = Printing.str(callable.call(arguments, scope.meter()), scope.meter());
            scope.meter().text(text.length());
            out.append(text);
            return Flow.NEXT;
        }
    }

    /** <code>{% break %}</code> and <code>{% continue %}</code>. */
    record Jump(Flow flow) implements Statement {
        @Override
        public Flow execute(Scope scope, StringBuilder out) {
            return flow;
        }
    }
}
