package org.expertgrid.decoder.templates;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.expertgrid.decoder.python.Values;
import org.expertgrid.decoder.templates.Token.Kind;

/**
 * Reads expressions, one method for each level of binding, from the loosest to the tightest:
 *
 * <pre>
 *   a if b else c  |  or  |  and  |  not  |  == < in ...  |  + -  |  ~  |  * / // %  |  **  |  sign  |  .name [key] (arguments)  |  filter, is
 * </pre>
 *
 * For one thread.
 */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> SUMS = Set.of("+", "-");
    private static final Set<String> PRODUCTS = Set.of("*", "/", "//", "%");
    private static final Set<String> NO_ARGUMENT_OF_A_TEST = Set.of("else", "or", "and", "if", "is", "in", "not");
    private static final Expression NONE = new Expression.Constant(null);

    private final Tokens tokens;
    private Set<String> names = new HashSet<>();

    ExpressionParser(Tokens tokens) {
        this.tokens = tokens;
    }

    /** Returns where the names of variables are put that are read. */
    Set<String> namesRead() {
        return names;
    }

    /** Puts the names of variables that are read from now on into this set. */
    void collectNames(Set<String> into) {
        names = into;
    }

    /** Reads one expression, or several with commas between them: a tuple. */
    Expression tuple() {
        return tuple(this::expression);
    }

    /** Reads the same, but leaves an {@code if} for the loop that it belongs to. */
    Expression tupleWithoutCondition() {
        return tuple(this::or);
    }

    private Expression tuple(Supplier<Expression> element) {
        Expression first = element.get();
        if (!tokens.isOperator(",")) {
            return first;
        }
        List<Expression> elements = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",") && !endsTuple()) {
            elements.add(element.get());
        }
        return new Expression.Sequence(List.copyOf(elements), true);
    }

    private boolean endsTuple() {
        Kind kind = tokens.current().kind();
        return kind == Kind.BLOCK_END || kind == Kind.OUTPUT_END || tokens.isOperator(")");
    }

    /** Reads what is assigned to: one target, or several with commas between them. */
    Target targets() {
        Target first = target();
        if (!tokens.isOperator(",")) {
            return first;
        }
        List<Target> targets = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",") && !tokens.isName("in") && !tokens.isOperator("=")) {
            targets.add(target());
        }
        return new Target.Several(List.copyOf(targets));
    }

    /** Reads one target. */
    Target target() {
        if (tokens.skipOperator("(")) {
            tokens.enter();
            Target inner = targets();
            tokens.leave();
            tokens.expectOperator(")");
            return inner;
        }
        String name = tokens.take(Kind.NAME, "the name of a variable").text();
        if (!tokens.skipOperator(".")) {
            return new Target.Variable(name);
        }
        return new Target.NamespaceAttribute(name, tokens.take(Kind.NAME, "the name of an attribute").text());
    }

    Expression expression() {
        tokens.enter();
        Expression value = or();
        while (tokens.skipName("if")) {
            Expression condition = or();
            value = new Expression.Conditional(condition, value, tokens.skipName("else") ? expression() : null);
        }
        tokens.leave();
        return value;
    }

    private Expression or() {
        Expression left = and();
        while (tokens.skipName("or")) {
            left = new Expression.Or(left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.skipName("and")) {
            left = new Expression.And(left, not());
        }
        return left;
    }

    private Expression not() {
        if (!tokens.skipName("not")) {
            return comparison();
        }
        tokens.enter();
        Expression operand = not();
        tokens.leave();
        return new Expression.Not(operand);
    }

    private Expression comparison() {
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> others = new ArrayList<>();
        for (String operator = takeComparison(); operator != null; operator = takeComparison()) {
            operators.add(operator);
            others.add(sum());
        }
        return operators.isEmpty() ? first : new Expression.Compared(first, List.copyOf(operators), List.copyOf(others));
    }

    private String takeComparison() {
        if (tokens.current().kind() == Kind.OPERATOR && COMPARISONS.contains(tokens.current().text())) {
            return tokens.take().text();
        }
        if (tokens.skipName("in")) {
            return "in";
        }
        if (tokens.isName("not") && tokens.following().is(Kind.NAME, "in")) {
            tokens.take();
            tokens.take();
            return "not in";
        }
        return null;
    }

    private Expression sum() {
        return leftToRight(SUMS, this::concatenation);
    }

    private Expression concatenation() {
        Expression first = product();
        if (!tokens.isOperator("~")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (tokens.skipOperator("~")) {
            parts.add(product());
        }
        return new Expression.Concatenated(List.copyOf(parts));
    }

    private Expression product() {
        return leftToRight(PRODUCTS, this::power);
    }

    /** Reads powers, which jinja2 takes from left to right, unlike Python. */
    private Expression power() {
        return leftToRight(Set.of("**"), () -> signed(true));
    }

    private Expression leftToRight(Set<String> operators, Supplier<Expression> operand) {
        Expression left = operand.get();
        while (tokens.current().kind() == Kind.OPERATOR && operators.contains(tokens.current().text())) {
            left = new Expression.Computed(tokens.take().text(), left, operand.get());
        }
        return left;
    }

    private Expression signed(boolean withFilters) {
        Expression value;
        if (tokens.isOperator("-") || tokens.isOperator("+")) {
            String operator = tokens.take().text();
            tokens.enter();
            value = new Expression.Signed(operator, signed(false));
            tokens.leave();
        } else {
            value = primary();
        }
        value = postfixes(value);
        return withFilters ? filtersAndTests(value) : value;
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
        if (plain.length() > 1000) {
            throw TemplateException.at(tokens.line(), "a number of " + plain.length() + " digits (expected: at most 1000)");
        }
        return Values.of("number", new BigInteger(radix == 10 ? plain : plain.substring(2), radix));
    }

    private Expression bracketed() {
        if (tokens.skipOperator("(")) {
            if (tokens.skipOperator(")")) {
                return new Expression.Sequence(List.of(), true);
            }
            Expression inner = tuple();
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
            elements.add(expression());
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
            keys.add(expression());
            tokens.expectOperator(":");
            values.add(expression());
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
            return new Expression.Item(owner, new Expression.Constant(integer(tokens.take().text())));
        }
        return new Expression.Attribute(owner, tokens.take(Kind.NAME, "the name of an attribute").text());
    }

    private Expression subscript(Expression owner) {
        Expression from = tokens.isOperator(":") ? NONE : expression();
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
        return tokens.isOperator(":") || tokens.isOperator("]") ? NONE : expression();
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
                entries = expression();
            } else if (tokens.skipOperator("*")) {
                elements = expression();
            } else if (tokens.current().kind() == Kind.NAME && tokens.following().is(Kind.OPERATOR, "=")) {
                String name = tokens.take().text();
                tokens.take();
                named.put(name, expression());
            } else if (named.isEmpty() && entries == null && elements == null) {
                positional.add(expression());
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
        StringBuilder name = new StringBuilder(tokens.take(Kind.NAME, "the name of a filter").text());
        while (tokens.skipOperator(".")) {
            name.append('.').append(tokens.take(Kind.NAME, "the name of a filter").text());
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
