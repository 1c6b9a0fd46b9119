package org.expertgrid.decoder.templates;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.expertgrid.decoder.python.Values;
import org.expertgrid.decoder.templates.Token.Kind;

/**
 * Reads what operators stand between: literals, variables and brackets, with a sign, attributes, keys, calls, filters and tests. For one
 * thread.
 */
final class OperandParser {
    private static final Set<String> NO_ARGUMENT_OF_A_TEST = Set.of("else", "or", "and", "if", "is", "in", "not");
    private static final Expression NONE = new Expression.Constant(null);
    private static final int MOST_DIGITS = 1000;

    private final Tokens tokens;
    private final ExpressionParser expressions;
    private Set<String> names = new HashSet<>();

    OperandParser(Tokens tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    /** Returns where the names of variables are put that are read. */
    Set<String> namesRead() {
        return names;
    }

    /** Puts the names of variables that are read from now on into this set. */
    void collectNames(Set<String> into) {
        names = into;
    }

    Expression signedAndFiltered() {
        return filtersAndTests(signed());
    }

    private Expression signed() {
        if (!tokens.isOperator("-") && !tokens.isOperator("+")) {
            return postfixes(primary());
        }
        String operator = tokens.take().text();
        tokens.enter();
        Expression operand = signed();
        tokens.leave();
        return postfixes(new Expression.Signed(operator, operand));
    }

    private Expression primary() {
        Token token = tokens.current();
        switch (token.kind()) {
            case NAME:
                tokens.take();
                return named(token.text());
            case STRING:
                StringBuilder text = new StringBuilder();
                while (tokens.current().kind() == Kind.STRING) {
                    text.append(tokens.take().text());
                }
                return new Expression.Constant(text.toString());
            case INTEGER:
                tokens.take();
                return new Expression.Constant(integer(token.text()));
            case FLOAT:
                tokens.take();
                return new Expression.Constant(Double.parseDouble(token.text().replace("_", "")));
            default:
                return bracketed();
        }
    }

    private Expression named(String name) {
        switch (name) {
            case "true", "True":
                return new Expression.Constant(true);
            case "false", "False":
                return new Expression.Constant(false);
            case "none", "None":
                return NONE;
            default:
                names.add(name);
                return new Expression.Variable(name);
        }
    }

    private Object integer(String digits) {
        String plain = digits.replace("_", "").toLowerCase(Locale.ROOT);
        int radix = plain.startsWith("0x") ? 16 : plain.startsWith("0o") ? 8 : plain.startsWith("0b") ? 2 : 10;
        if (plain.length() > MOST_DIGITS) {
            throw TemplateException.at(
                    tokens.line(), "a number of " + plain.length() + " digits (expected: at most " + MOST_DIGITS + ")");
        }
        return Values.of("number", new BigInteger(radix == 10 ? plain : plain.substring(2), radix));
    }

    private Expression bracketed() {
        if (tokens.skipOperator("(")) {
            if (tokens.skipOperator(")")) {
                return new Expression.Sequence(List.of(), true);
            }
            Expression inner = expressions.tuple();
            tokens.expectOperator(")");
            return inner;
        }
        if (tokens.skipOperator("[")) {
            return new Expression.Sequence(until("]"), false);
        }
        if (tokens.skipOperator("{")) {
            return mapping();
        }
        throw tokens.unexpected("an expression");
    }

    private List<Expression> until(String closing) {
        List<Expression> elements = new ArrayList<>();
        while (!tokens.skipOperator(closing)) {
            if (!elements.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(closing)) {
                    break;
                }
            }
            elements.add(expressions.expression());
        }
        return List.copyOf(elements);
    }

    private Expression mapping() {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.skipOperator("}")) {
            if (!keys.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator("}")) {
                    break;
                }
            }
            keys.add(expressions.expression());
            tokens.expectOperator(":");
            values.add(expressions.expression());
        }
        return new Expression.Mapping(List.copyOf(keys), List.copyOf(values));
    }

    private Expression postfixes(Expression value) {
        Expression result = value;
        while (true) {
            if (tokens.skipOperator(".")) {
                result = afterDot(result);
            } else if (tokens.skipOperator("[")) {
                result = subscript(result);
            } else if (tokens.isOperator("(")) {
                result = new Expression.Call(result, arguments());
            } else {
                return result;
            }
        }
    }

    private Expression afterDot(Expression owner) {
        if (tokens.current().kind() == Kind.INTEGER) {
            return new Expression.Item(
                    owner, new Expression.Constant(integer(tokens.take().text())));
        }
        return new Expression.Attribute(
                owner, tokens.take(Kind.NAME, "the name of an attribute").text());
    }

    private Expression subscript(Expression owner) {
        Expression from = tokens.isOperator(":") ? NONE : expressions.expression();
        if (tokens.skipOperator("]")) {
            return new Expression.Item(owner, from);
        }
        tokens.expectOperator(":");
        Expression to = bound();
        Expression step = tokens.skipOperator(":") ? bound() : NONE;
        tokens.expectOperator("]");
        return new Expression.Slice(owner, from, to, step);
    }

    private Expression bound() {
        return tokens.isOperator(":") || tokens.isOperator("]") ? NONE : expressions.expression();
    }

    private Passed arguments() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        Expression elements = null;
        Expression entries = null;
        boolean first = true;
        while (!tokens.skipOperator(")")) {
            if (!first) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(")")) {
                    break;
                }
            }
            first = false;
            if (tokens.skipOperator("**")) {
                entries = expressions.expression();
            } else if (tokens.skipOperator("*")) {
                elements = expressions.expression();
            } else if (tokens.current().kind() == Kind.NAME
                    && tokens.following().is(Kind.OPERATOR, "=")) {
                String name = tokens.take().text();
                tokens.take();
                named.put(name, expressions.expression());
            } else if (named.isEmpty() && entries == null && elements == null) {
                positional.add(expressions.expression());
            } else {
                throw tokens.unexpected("a named argument");
            }
        }
        return new Passed(List.copyOf(positional), named, elements, entries);
    }

    private Expression filtersAndTests(Expression value) {
        Expression result = value;
        while (true) {
            if (tokens.skipOperator("|")) {
                result = filter(result);
            } else if (tokens.skipName("is")) {
                result = test(result);
            } else if (tokens.isOperator("(")) {
                result = new Expression.Call(result, arguments());
            } else {
                return result;
            }
        }
    }

    /** Reads further filters, each after its bar. */
    Expression filters(Expression value) {
        Expression result = value;
        while (tokens.skipOperator("|")) {
            result = filter(result);
        }
        return result;
    }

    /** Reads the name of a filter and its arguments. */
    Expression filter(Expression value) {
        StringBuilder name =
                new StringBuilder(tokens.take(Kind.NAME, "the name of a filter").text());
        while (tokens.skipOperator(".")) {
            name.append('.')
                    .append(tokens.take(Kind.NAME, "the name of a filter").text());
        }
        return new Expression.Filtered(value, name.toString(), tokens.isOperator("(") ? arguments() : Passed.NOTHING);
    }

    private Expression test(Expression value) {
        boolean negated = tokens.skipName("not");
        String name = tokens.take(Kind.NAME, "the name of a test").text();
        Passed passed = Passed.NOTHING;
        if (tokens.isOperator("(")) {
            passed = arguments();
        } else if (beginsArgument()) {
            passed = Passed.one(postfixes(primary()));
        }
        Expression tested = new Expression.Tested(value, name, passed);
        return negated ? new Expression.Not(tested) : tested;
    }

    private boolean beginsArgument() {
        return switch (tokens.current().kind()) {
            case NAME -> !NO_ARGUMENT_OF_A_TEST.contains(tokens.current().text());
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> tokens.isOperator("[") || tokens.isOperator("{");
            default -> false;
        };
    }
}
