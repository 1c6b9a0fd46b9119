package org.expertgrid.decoder.templates;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.expertgrid.decoder.templates.Statement.Flow;
import org.expertgrid.decoder.templates.Token.Kind;

/** Reads the statements of a template. For one thread. */
final class Parser {
    private static final Set<String> READ_BY_MACROS = Set.of("varargs", "kwargs", "caller");

    private final Tokens tokens;
    private final ExpressionParser expressions;
    /** How many loops, up to the innermost macro, enclose what is read. */
    private int loops;

    private Parser(List<Token> tokens) {
        this.tokens = new Tokens(tokens);
        this.expressions = new ExpressionParser(this.tokens);
    }

    /**
     * Returns the template's statements.
     *
     * @throws TemplateException if it is no template
     */
    static Block parse(String source) {
        Parser parser = new Parser(Lexer.tokens(source));
        return parser.body();
    }

    /** Reads statements up to a block that begins with one of these names, and takes the name; without names up to the end. */
    private Block body(String... endings) {
        tokens.enter();
        List<Statement> statements = new ArrayList<>();
        List<Integer> lines = new ArrayList<>();
        while (tokens.current().kind() != Kind.END) {
            int line = tokens.line();
            Token token = tokens.take();
            if (token.kind() == Kind.TEXT) {
                statements.add(new Statement.Text(token.text()));
            } else if (token.kind() == Kind.OUTPUT_BEGIN) {
                statements.add(new Statement.Output(expressions.tuple()));
                tokens.take(Kind.OUTPUT_END, "'}}'");
            } else if (List.of(endings).contains(tokens.current().text())) {
                tokens.leave();
                return new Block(List.copyOf(statements), List.copyOf(lines));
            } else {
                statements.add(statement());
            }
            lines.add(line);
        }
        if (endings.length > 0) {
            throw tokens.unexpected("'{% " + String.join(" %}' or '{% ", endings) + " %}'");
        }
        tokens.leave();
        return new Block(List.copyOf(statements), List.copyOf(lines));
    }

    /** Reads statements up to the block of that name, and that block. */
    private Block bodyUntil(String ending) {
        Block body = body(ending);
        tokens.expectName(ending);
        endBlock();
        return body;
    }

    private void endBlock() {
        tokens.take(Kind.BLOCK_END, "'%}'");
    }

    private Statement statement() {
        Token name = tokens.take(Kind.NAME, "the name of a statement");
        return switch (name.text()) {
            case "if" -> choice();
            case "for" -> loop();
            case "set" -> assignment();
            case "macro" -> macro();
            case "call" -> callBlock();
            case "filter" -> filteredBlock();
            case "with" -> with();
            case "generation" -> {
                endBlock();
                yield new Statement.Enclosed(List.of(), List.of(), bodyUntil("endgeneration"));
            }
            case "break" -> jump(Flow.BREAK, name);
            case "continue" -> jump(Flow.CONTINUE, name);
            default ->
                throw TemplateException.at(
                        name.line(),
                        "unknown tag " + name
                                + " (expected: if, for, set, macro, call, filter, with, generation, raw, break or continue)");
        };
    }

    private Statement choice() {
        List<Expression> conditions = new ArrayList<>();
        List<Block> bodies = new ArrayList<>();
        do {
            conditions.add(expressions.tuple());
            endBlock();
            bodies.add(body("elif", "else", "endif"));
        } while (tokens.skipName("elif"));
        if (tokens.skipName("else")) {
            endBlock();
            bodies.add(body("endif"));
        } else {
            bodies.add(Block.EMPTY);
        }
        tokens.expectName("endif");
        endBlock();
        return new Statement.Choice(List.copyOf(conditions), List.copyOf(bodies));
    }

    private Statement loop() {
        Target target = expressions.targets();
        tokens.expectName("in");
        Expression elements = expressions.tupleWithoutCondition();
        Expression condition = tokens.skipName("if") ? expressions.expression() : null;
        boolean recursive = tokens.skipName("recursive");
        endBlock();
        loops++;
        Block body = body("else", "endfor");
        loops--;
        Block otherwise = Block.EMPTY;
        if (tokens.skipName("else")) {
            endBlock();
            otherwise = body("endfor");
        }
        tokens.expectName("endfor");
        endBlock();
        return new Loop(target, elements, condition, recursive, body, otherwise);
    }

    private Statement assignment() {
        Target target = expressions.targets();
        if (tokens.skipOperator("=")) {
            Expression value = expressions.tuple();
            endBlock();
            return new Statement.Assignment(target, value);
        }
        Expression value = expressions.operands().filters(new Expression.Variable(Statement.CAPTURED));
        endBlock();
        return new Statement.Capture(target, value, bodyUntil("endset"));
    }

    private Statement filteredBlock() {
        Expression value = expressions.operands().filter(new Expression.Variable(Statement.CAPTURED));
        endBlock();
        return new Statement.FilteredBlock(expressions.operands().filters(value), bodyUntil("endfilter"));
    }

    private Statement with() {
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (tokens.current().kind() != Kind.BLOCK_END) {
            if (!targets.isEmpty()) {
                tokens.expectOperator(",");
            }
            targets.add(expressions.target());
            tokens.expectOperator("=");
            values.add(expressions.expression());
        }
        endBlock();
        return new Statement.Enclosed(List.copyOf(targets), List.copyOf(values), bodyUntil("endwith"));
    }

    private Statement macro() {
        String name = tokens.take(Kind.NAME, "the macro's name").text();
        return new Statement.Definition(macro(name, "endmacro"));
    }

    private Statement callBlock() {
        int line = tokens.line();
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        if (tokens.isOperator("(")) {
            parameters(parameters, defaults);
        }
        if (!(expressions.expression() instanceof Expression.Call call)) {
            throw TemplateException.at(line, "call without a call (expected: '{% call macro(...) %}')");
        }
        return new Statement.CallBlock(call, macro("caller", "endcall", parameters, defaults));
    }

    private Macro macro(String name, String ending) {
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        parameters(parameters, defaults);
        return macro(name, ending, parameters, defaults);
    }

    private Macro macro(String name, String ending, List<String> parameters, List<Expression> defaults) {
        endBlock();
        int outerLoops = loops;
        loops = 0;
        Set<String> outerNames = expressions.operands().namesRead();
        Set<String> names = new TreeSet<>();
        expressions.operands().collectNames(names);
        Block body = bodyUntil(ending);
        expressions.operands().collectNames(outerNames);
        loops = outerLoops;
        names.retainAll(READ_BY_MACROS);
        names.removeAll(parameters);
        return new Macro(name, List.copyOf(parameters), new ArrayList<>(defaults), Set.copyOf(names), body);
    }

    private void parameters(List<String> parameters, List<Expression> defaults) {
        tokens.expectOperator("(");
        while (!tokens.skipOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(")")) {
                    return;
                }
            }
            parameters.add(tokens.take(Kind.NAME, "the name of a parameter").text());
            defaults.add(tokens.skipOperator("=") ? expressions.expression() : null);
        }
    }

    private Statement jump(Flow flow, Token name) {
        if (loops == 0) {
            throw TemplateException.at(name.line(), name + " outside of a loop");
        }
        endBlock();
        return new Statement.Jump(flow);
    }
}
