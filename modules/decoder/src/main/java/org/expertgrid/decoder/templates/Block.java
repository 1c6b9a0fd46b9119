package org.expertgrid.decoder.templates;

import java.util.List;
import org.expertgrid.decoder.python.PythonError;
import org.expertgrid.decoder.templates.Statement.Flow;

/**
 * Statements that follow each other.
 *
 * @param lines the line on which each statement begins
 */
record Block(List<Statement> statements, List<Integer> lines) {
    static final Block EMPTY = new Block(List.of(), List.of());

    /**
     * Executes the statements until one of them jumps.
     *
     * @throws TemplateException with the line of the innermost statement that failed
     */
    Flow execute(Scope scope, StringBuilder out) {
        Flow flow = Flow.NEXT;
        for (int i = 0; i < statements.size() && flow == Flow.NEXT; i++) {
            try {
                scope.meter().enter();
                flow = statements.get(i).execute(scope, out);
                scope.meter().leave();
                scope.meter().output(out.length());
            } catch (PythonError e) {
                throw TemplateException.at(lines.get(i), e.getMessage());
            }
        }
        return flow;
    }

    /** Returns what the statements print. */
    String text(Scope scope) {
        StringBuilder out = new StringBuilder();
        execute(scope, out);
        return out.toString();
    }
}
