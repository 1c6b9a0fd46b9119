package org.expertgrid.decoder.templates;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.expertgrid.decoder.templates.Token.Kind;

/**
 * Reads expressions with operators, one method for each level of binding, from the loosest to the tightest:
 *
 * <pre>
 *   a if b else c  |  or  |  and  |  not  |  == < in ...  |  + -  |  ~  |  * / // %  |  **
 * </pre>
 *
 * For one thread.
 */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> SUMS = Set.of("+", "-");
    private static final Set<String> PRODUCTS = Set.of("*", "/", "//", "%");

    private final Tokens tokens;
    private final OperandParser operands;

    ExpressionParser(Tokens tokens) {
        this.tokens = tokens;
        this.operands = new OperandParser(tokens, this);
    }

    /** Returns the parser of what has no operators. */
    OperandParser operands() {
        return operands;
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
        return new Target.NamespaceAttribute(
                name, tokens.take(Kind.NAME, "the name of an attribute").text());
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
        return operators.isEmpty()
                ? first
                : new Expression.Compared(first, List.copyOf(operators), List.copyOf(others));
    }

    private String takeComparison() {
        if (tokens.current().kind() == Kind.OPERATOR
                && COMPARISONS.contains(tokens.current().text())) {
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
        return leftToRight(Set.of("**"), operands::signedAndFiltered);
    }

    private Expression leftToRight(Set<String> operators, Supplier<Expression> operand) {
        Expression left = operand.get();
        while (tokens.current().kind() == Kind.OPERATOR
                && operators.contains(tokens.current().text())) {
            left = new Expression.Computed(tokens.take().text(), left, operand.get());
        }
        return left;
    }
}
