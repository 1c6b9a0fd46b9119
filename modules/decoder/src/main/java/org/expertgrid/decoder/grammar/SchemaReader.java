package org.expertgrid.decoder.grammar;

import static org.expertgrid.decoder.grammar.Symbol.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.expertgrid.decoder.grammar.Symbol.Rule;
import org.expertgrid.experts.errors.Problems;

/** Makes rules of a JSON schema. For one thread. */
final class SchemaReader {
    private static final int DEEPEST = 64;
    private static final int MOST_ITEMS = 1000;
    private static final Set<String> WITHOUT_MEANING = Set.of(
            "title",
            "description",
            "default",
            "examples",
            "$schema",
            "$id",
            "$comment",
            "$defs",
            "definitions",
            "deprecated");
    private static final Set<String> OF_ALL = Set.of("type", "enum", "const", "anyOf", "$ref");
    private static final Set<String> OF_OBJECTS = Set.of("properties", "required", "additionalProperties");
    private static final Set<String> OF_ARRAYS = Set.of("items", "minItems", "maxItems");

    private final Map<String, ?> root;
    private final JsonRules json = new JsonRules();
    private final Map<String, Rule> references = new HashMap<>();
    private final Problems problems = new Problems();

    SchemaReader(Map<String, ?> root) {
        this.root = root;
    }

    Rule read() {
        Rule rule = reference("#");
        problems.throwIfAny();
        return rule;
    }

    /** Returns the rule of a schema by its address; a rule may refer to itself. */
    private Rule reference(String address) {
        Rule known = references.get(address);
        if (known != null) {
            return known;
        }
        Rule rule = new Rule();
        references.put(address, rule);
        Object schema = root;
        for (String part : address.substring(1).split("/")) {
            if (!part.isEmpty()) {
                schema = schema instanceof Map<?, ?> map
                        ? map.get(part.replace("~1", "/").replace("~0", "~"))
                        : null;
            }
        }
        return rule.or(schema(address, schema, 0));
    }

    private Rule schema(String name, Object schema, int depth) {
        if (Boolean.TRUE.equals(schema)) {
            return json.value;
        }
        boolean fits = schema instanceof Map && depth <= DEEPEST;
        problems.expect(
                fits,
                name,
                schema instanceof Map ? "too deep" : schema,
                "a schema, at most " + DEEPEST + " levels deep");
        return fits ? schema(name, (Map<?, ?>) schema, depth) : json.value;
    }

    private Rule schema(String name, Map<?, ?> schema, int depth) {
        for (Object key : schema.keySet()) {
            boolean known = WITHOUT_MEANING.contains(key)
                    || OF_ALL.contains(key)
                    || OF_OBJECTS.contains(key)
                    || OF_ARRAYS.contains(key);
            problems.expect(known, name, key, "only what constrained sampling knows: " + understood());
        }
        if (schema.get("$ref") instanceof String address) {
            boolean local = address.startsWith("#");
            problems.expect(local, name + ".$ref", address, "an address in the same schema, such as #/$defs/name");
            return local ? reference(address) : json.value;
        }
        if (schema.containsKey("const")) {
            return JsonGrammar.literal(schema.get("const"));
        }
        if (schema.containsKey("enum")) {
            Rule any = new Rule();
            list(name, schema, "enum").forEach(value -> any.or(JsonGrammar.literal(value)));
            return any;
        }
        if (schema.containsKey("anyOf")) {
            Rule any = new Rule();
            list(name, schema, "anyOf").forEach(one -> any.or(schema(name + ".anyOf", one, depth + 1)));
            return any;
        }
        return typed(name, schema, depth);
    }

    private static String understood() {
        return "type, enum, const, anyOf, $ref, properties, required, additionalProperties, items, minItems and maxItems";
    }

    private List<?> list(String name, Map<?, ?> schema, String key) {
        boolean fits = schema.get(key) instanceof List<?> list && !list.isEmpty();
        problems.expect(fits, name + "." + key, schema.get(key), "a list that is not empty");
        return fits ? (List<?>) schema.get(key) : List.of(Map.of());
    }

    private Rule typed(String name, Map<?, ?> schema, int depth) {
        Object type = schema.get("type");
        if (type instanceof List<?> types && !types.isEmpty()) {
            Rule any = new Rule();
            types.forEach(one -> any.or(ofType(name, one, schema, depth)));
            return any;
        }
        if (type != null) {
            return ofType(name, type, schema, depth);
        }
        if (OF_OBJECTS.stream().anyMatch(schema::containsKey)) {
            return object(name, schema, depth);
        }
        return OF_ARRAYS.stream().anyMatch(schema::containsKey) ? array(name, schema, depth) : json.value;
    }

    private Rule ofType(String name, Object type, Map<?, ?> schema, int depth) {
        switch (String.valueOf(type)) {
            case "object":
                return object(name, schema, depth);
            case "array":
                return array(name, schema, depth);
            case "string":
                return json.string;
            case "integer":
                return json.integer;
            case "number":
                return json.number;
            case "boolean":
                return json.bool;
            case "null":
                return json.none;
            default:
                problems.expect(false, name + ".type", type, "object, array, string, integer, number, boolean or null");
                return json.value;
        }
    }

    private Rule array(String name, Map<?, ?> schema, int depth) {
        Rule element =
                schema.containsKey("items") ? schema(name + ".items", schema.get("items"), depth + 1) : json.value;
        if (!schema.containsKey("minItems") && !schema.containsKey("maxItems")) {
            return json.array(element);
        }
        int least = count(name, schema, "minItems", 0);
        int most = count(name, schema, "maxItems", Integer.MAX_VALUE);
        problems.expect(least <= most, name + ".minItems", least, "at most maxItems " + most);
        return least <= most ? json.array(element, least, most) : json.array(element);
    }

    private int count(String name, Map<?, ?> schema, String key, int otherwise) {
        Object value = schema.get(key);
        if (value == null) {
            return otherwise;
        }
        boolean fits = value instanceof Integer count && count >= 0 && count <= MOST_ITEMS;
        problems.expect(fits, name + "." + key, value, "0 to " + MOST_ITEMS);
        return fits ? (Integer) value : otherwise;
    }

    private Rule object(String name, Map<?, ?> schema, int depth) {
        Object additional = schema.get("additionalProperties");
        if (!(schema.get("properties") instanceof Map<?, ?> properties) || properties.isEmpty()) {
            boolean required = schema.get("required") instanceof List<?> names && !names.isEmpty();
            problems.expect(!required, name + ".required", schema.get("required"), "names of properties");
            if (Boolean.FALSE.equals(additional)) {
                return new Rule().or(text("{"), json.space, text("}"));
            }
            return additional == null || additional instanceof Boolean
                    ? json.object
                    : json.object(schema(name + ".additionalProperties", additional, depth + 1));
        }
        List<?> required = schema.get("required") instanceof List<?> names ? names : List.of();
        problems.expect(properties.keySet().containsAll(required), name + ".required", required, "names of properties");
        List<Rule> members = new ArrayList<>();
        List<Boolean> needed = new ArrayList<>();
        properties.forEach((key, value) -> {
            Rule member = schema(name + ".properties." + key, value, depth + 1);
            members.add(new Rule().or(JsonGrammar.literal(key), json.space, text(":"), json.space, member));
            needed.add(required.contains(key));
        });
        return new Rule().or(text("{"), json.space, members(members, needed), json.space, text("}"));
    }

    /** Returns the members in their order, those that are not needed or left out, with commas between those that are there. */
    private Rule members(List<Rule> members, List<Boolean> needed) {
        Rule afterSome = new Rule().or();
        Rule afterNone = new Rule().or();
        for (int i = members.size() - 1; i >= 0; i--) {
            Rule next = new Rule().or(json.space, text(","), json.space, members.get(i), afterSome);
            Rule first = new Rule().or(members.get(i), afterSome);
            boolean optional = !needed.get(i);
            afterNone = optional ? first.or(afterNone) : first;
            afterSome = optional ? next.or(afterSome) : next;
        }
        return afterNone;
    }
}
