package org.expertgrid.decoder.templates;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.expertgrid.decoder.python.Limits;
import org.expertgrid.decoder.python.Meter;
import org.expertgrid.decoder.python.Values;

/**
 * A chat template as models publish them, written in Jinja: turns messages into the text that the model continues.
 *
 * <p>It is rendered as transformers renders it: {@code trim_blocks}, {@code lstrip_blocks}, loop controls, {@code raise_exception},
 * {@code strftime_now} and a {@code tojson} that escapes no HTML. It sees its variables and nothing else, and it ends: its steps, memory,
 * output and depth are limited.
 *
 * <p>Immutable, and safe for many threads at once.
 */
public final class ChatTemplate {
    private static final int LONGEST_SOURCE = 1 << 20;

    private final Block body;
    private final Limits limits;
    private final Clock clock;

    private ChatTemplate(Block body, Limits limits, Clock clock) {
        this.body = body;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * Returns the template with this source, the usual limits and the machine's clock.
     *
     * @throws TemplateException if it cannot be understood
     */
    public static ChatTemplate parse(String source) {
        return parse(source, Limits.DEFAULT, Clock.systemDefaultZone());
    }

    /**
     * Returns the template with this source.
     *
     * @param clock what {@code strftime_now} reads
     * @throws TemplateException if it cannot be understood
     */
    public static ChatTemplate parse(String source, Limits limits, Clock clock) {
        if (source.length() > LONGEST_SOURCE) {
            throw new TemplateException(
                    "chat template: " + source.length() + " characters (expected: at most " + LONGEST_SOURCE + ")");
        }
        return new ChatTemplate(Parser.parse(source), limits, clock);
    }

    /**
     * Returns the template's text for these variables, such as {@code messages}, {@code tools} and {@code add_generation_prompt}.
     *
     * @param variables values as a reader of JSON makes them: null, booleans, numbers, texts, lists and mappings
     * @throws IllegalArgumentException if there is anything else among the variables
     * @throws TemplateRefusal if the template itself refuses them
     * @throws TemplateException if it fails, or reaches a limit
     */
    public String render(Map<String, ?> variables) {
        Map<String, Object> all = new HashMap<>(Globals.of(clock));
        variables.forEach((name, value) -> all.put(name, Values.of(name, value)));
        try {
            return body.text(Scope.of(all, new Meter(limits)));
        } catch (StackOverflowError e) {
            throw new TemplateException("chat template: nested too deeply for the stack of this thread");
        }
    }
}
