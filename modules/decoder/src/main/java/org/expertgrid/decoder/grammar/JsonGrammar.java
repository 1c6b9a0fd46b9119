package org.expertgrid.decoder.grammar;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.Map;
import org.expertgrid.decoder.grammar.Symbol.Rule;

/**
 * Which JSON a text may be.
 *
 * <p>Immutable once it is made, and safe for many threads at once. A {@link Constraint} holds one text to it.
 */
public final class JsonGrammar {
    private final Rule root;

    private JsonGrammar(Rule root) {
        this.root = root;
    }

    /** Returns the grammar of any JSON object. */
    public static JsonGrammar anyObject() {
        return new JsonGrammar(new JsonRules().object);
    }

    /**
     * Returns a grammar all of whose texts fulfil this JSON schema. Properties come in the schema's order, and none but those that it names.
     *
     * <p>Understood are type, properties, required, additionalProperties, items, minItems, maxItems, enum, const, anyOf and $ref into $defs;
     * titles, descriptions and the like are passed over.
     *
     * @param schema as a reader of JSON makes it
     * @throws IllegalArgumentException that names what else there is in the schema, all at once
     */
    public static JsonGrammar ofSchema(Map<String, ?> schema) {
        return new JsonGrammar(new SchemaReader(schema).read());
    }

    Rule root() {
        return root;
    }

    static Rule literal(Object value) {
        try {
            return Symbol.text(JSON.std.asString(value));
        } catch (IOException e) {
            throw new IllegalArgumentException("enum: " + value + " (expected: a value of JSON)", e);
        }
    }
}
