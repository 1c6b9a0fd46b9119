package org.expertgrid.decoder.templates;

import static org.expertgrid.decoder.python.Values.truth;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.expertgrid.decoder.filters.Filter;
import org.expertgrid.decoder.filters.IsTest;
import org.expertgrid.decoder.python.Arguments;
import org.expertgrid.decoder.python.Arithmetic;
import org.expertgrid.decoder.python.Attributes;
import org.expertgrid.decoder.python.Callable;
import org.expertgrid.decoder.python.Comparison;
import org.expertgrid.decoder.python.Meter;
import org.expertgrid.decoder.python.Printing;
import org.expertgrid.decoder.python.PythonError;
import org.expertgrid.decoder.python.Texts;
import org.expertgrid.decoder.python.Tuple;
import org.expertgrid.decoder.python.Undefined;
import org.expertgrid.decoder.python.Values;

/** A part of a template that has a value. Immutable. */
interface Expression {
    /** Returns the value; call {@link Scope#value} instead, which counts. */
    Object evaluate(Scope scope);

    /** A literal. */
    record Constant(Object value) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return value;
        }
    }

    /** A variable. */
    record Variable(String name) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return scope.get(name);
        }
    }

    /** {@code [a, b]}, or {@code (a, b)} if it is a tuple. */
    record Sequence(List<Expression> elements, boolean isTuple) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            List<Object> values = Values.newList(elements.size(), scope.meter());
            elements.forEach(element -> values.add(scope.value(element)));
            List<Object> list = Collections.unmodifiableList(values);
            return isTuple ? new Tuple(list) : list;
        }
    }

    /** <code>{key: value}</code>. */
    record Mapping(List<Expression> keys, List<Expression> values) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            scope.meter().list(2L * keys.size());
            Map<Object, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < keys.size(); i++) {
                Object key = scope.value(keys.get(i));
                if (!Comparison.isKey(key)) {
                    throw new PythonError("unhashable type: '" + Values.typeName(key) + "'");
                }
                map.put(key, scope.value(values.get(i)));
            }
            return Collections.unmodifiableMap(map);
        }
    }

    /** {@code owner.name}. */
    record Attribute(Expression owner, String name) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return Attributes.attribute(scope.value(owner), name);
        }
    }

    /** {@code owner[key]}. */
    record Item(Expression owner, Expression key) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return Attributes.item(scope.value(owner), scope.value(key));
        }
    }

    /** {@code owner[from:to:step]}, with the constant None for what is left out. */
    record Slice(Expression owner, Expression from, Expression to, Expression step) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            Object sliced = scope.value(owner);
            return Attributes.slice(sliced, scope.value(from), scope.value(to), scope.value(step), scope.meter());
        }
    }

    /** {@code callee(arguments)}. */
    record Call(Expression callee, Passed arguments) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            Object called = scope.value(callee);
            Arguments values = arguments.evaluate(name(), scope);
            if (called instanceof Callable callable) {
                return callable.call(values, scope.meter());
            }
            throw new PythonError(
                    called instanceof Undefined undefined
                            ? undefined.message()
                            : "'" + Values.typeName(called) + "' object is not callable");
        }

        private String name() {
            if (callee instanceof Variable variable) {
                return variable.name();
            }
            return callee instanceof Attribute attribute ? attribute.name() : "call";
        }
    }

    /** {@code value | name(arguments)}. */
    record Filtered(Expression value, String name, Passed arguments) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            Object given = scope.value(value);
            return Filter.named(name).apply(given, arguments.evaluate(name, scope), scope.meter());
        }
    }

    /** {@code value is name(arguments)}. */
    record Tested(Expression value, String name, Passed arguments) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            Object given = scope.value(value);
            return IsTest.named(name).holds(given, arguments.evaluate(name, scope), scope.meter());
        }
    }

    /** {@code -value} and {@code +value}. */
    record Signed(String operator, Expression operand) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            Object value = scope.value(operand);
            return operator.equals("-") ? Arithmetic.negate(value) : Arithmetic.subtract(value, 0L);
        }
    }

    /** {@code left operator right}, for arithmetic. */
    record Computed(String operator, Expression left, Expression right) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            Object a = scope.value(left);
            Object b = scope.value(right);
            Meter meter = scope.meter();
            return switch (operator) {
                case "+" -> Arithmetic.add(a, b, meter);
                case "-" -> Arithmetic.subtract(a, b);
                case "*" -> Arithmetic.multiply(a, b, meter);
                case "/" -> Arithmetic.divide(a, b);
                case "//" -> Arithmetic.floorDivide(a, b);
                case "%" -> Arithmetic.modulo(a, b, meter);
                case "**" -> Arithmetic.power(a, b);
                default -> throw new IllegalStateException(operator);
            };
        }
    }

    /** {@code a ~ b ~ c}: everything as text, one after the other. */
    record Concatenated(List<Expression> parts) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            List<Object> texts = Values.newList(parts.size(), scope.meter());
            parts.forEach(part -> texts.add(Printing.str(scope.value(part), scope.meter())));
            return Texts.joined("", texts, scope.meter());
        }
    }

    /** {@code a < b <= c}: true if each neighbouring pair is in order. */
    record Compared(Expression first, List<String> operators, List<Expression> others) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            Object left = scope.value(first);
            for (int i = 0; i < operators.size(); i++) {
                Object right = scope.value(others.get(i));
                if (!IsTest.compare(left, operators.get(i), right, scope.meter())) {
                    return false;
                }
                left = right;
            }
            return true;
        }
    }

    record Not(Expression operand) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return !truth(scope.value(operand));
        }
    }

    /** {@code left and right}: the value of the one that decides. */
    record And(Expression left, Expression right) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            Object value = scope.value(left);
            return truth(value) ? scope.value(right) : value;
        }
    }

    /** {@code left or right}: the value of the one that decides. */
    record Or(Expression left, Expression right) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            Object value = scope.value(left);
            return truth(value) ? value : scope.value(right);
        }
    }

    /** {@code then if condition else otherwise}; {@code otherwise} is null where it is left out. */
    record Conditional(Expression condition, Expression then, Expression otherwise) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            if (truth(scope.value(condition))) {
                return scope.value(then);
            }
            return otherwise == null
                    ? new Undefined("the inline if-expression evaluated to false and no else section was defined")
                    : scope.value(otherwise);
        }
    }
}
