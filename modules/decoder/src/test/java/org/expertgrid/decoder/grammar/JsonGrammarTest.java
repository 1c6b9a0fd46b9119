package org.expertgrid.decoder.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.expertgrid.decoder.sampling.Sampler;
import org.expertgrid.decoder.sampling.Sampling;
import org.expertgrid.decoder.sampling.TokenHistory;
import org.expertgrid.decoder.tokens.TestVocabularies;
import org.expertgrid.decoder.tokens.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonGrammarTest {
    private static final String PERSON = """
            {"type": "object", "title": "Person", "additionalProperties": false, "required": ["name", "tags"],
             "properties": {
              "name": {"type": "string"},
              "age": {"type": "integer"},
              "tags": {"type": "array", "items": {"enum": ["a", "b", 3]}, "minItems": 1, "maxItems": 3},
              "kind": {"anyOf": [{"const": {"x": [1]}}, {"type": ["null", "boolean"]}]},
              "friend": {"$ref": "#/$defs/friend"}},
             "$defs": {"friend": {"type": "object", "properties": {"friend": {"$ref": "#/$defs/friend"}, "weight": {"type": "number"}}}}}
            """;

    @TempDir
    private Path folder;

    private static JsonGrammar schema(String json) throws IOException {
        return JsonGrammar.ofSchema(JSON.std.mapFrom(json));
    }

    private static boolean accepts(JsonGrammar grammar, String text) {
        return accepts(grammar, text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean accepts(JsonGrammar grammar, byte[] text) {
        States.State state = new States().start(grammar.root());
        for (int i = 0; i < text.length && state != null; i++) {
            state = state.after(text[i]);
        }
        return state != null && state.isComplete();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{ }",
                "{\"a\": 1}",
                "{\"a\":-0.5e+10,\"b\":[],\"c\":[ 1, \"x\" ,null,true,false,{\"d\":{}}]}",
                "{\n  \"a\": [\n    1,\n    2\n  ]\n}",
                "{\"é漢😀\": \"\\n\\u00e9\\ud83d\\ude00\\\"\\\\/\"}",
                "{\"\": \"\"}"
            })
    void anyObjectIsAccepted(String text) {
        assertThat(accepts(JsonGrammar.anyObject(), text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "1",
                "{",
                "{}}",
                "{} ",
                "{a: 1}",
                "{\"a\" 1}",
                "{\"a\": 01}",
                "{\"a\": 1.}",
                "{\"a\": .5}",
                "{\"a\": +1}",
                "{\"a\": 1,}",
                "{,}",
                "{\"a\": [1,]}",
                "{\"a\": \"\n\"}",
                "{\"a\": \"\\x\"}",
                "{\"a\": \"\\ud83d\"}",
                "{\"a\": nul}",
                "{\"a\": 1 \"b\": 2}",
                "{\"a\":    1}"
            })
    void textsThatAreNoObjectsAreNotAccepted(String text) {
        assertThat(accepts(JsonGrammar.anyObject(), text)).isFalse();
    }

    @Test
    void stringsAreValidUtf8() {
        JsonGrammar grammar = JsonGrammar.anyObject();
        for (int[] wrong : new int[][] {{0x80}, {0xC0, 0x80}, {0xC3}, {0xED, 0xA0, 0x80}, {0xF5, 0x80, 0x80, 0x80}}) {
            byte[] text = "{\"????\":1}".getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < wrong.length; i++) {
                text[2 + i] = (byte) wrong[i];
            }
            assertThat(accepts(grammar, text)).isFalse();
        }
    }

    @Test
    void aSchemaSaysWhatItsTextsHave() throws IOException {
        JsonGrammar person = schema(PERSON);
        for (String good : List.of(
                "{\"name\": \"x\", \"tags\": [\"a\"]}",
                "{\"name\":\"x\",\"age\":3,\"tags\":[\"b\",3,\"a\"],\"kind\":{\"x\":[1]},\"friend\":{\"friend\":{\"weight\":1.5}}}",
                "{\"name\":\"x\",\"tags\":[3],\"kind\":null}",
                "{\"name\":\"x\",\"tags\":[3],\"friend\":{}}")) {
            assertThat(accepts(person, good)).as(good).isTrue();
        }
        for (String bad : List.of(
                "{}",
                "{\"name\":\"x\"}",
                "{\"name\":1,\"tags\":[\"a\"]}",
                "{\"tags\":[\"a\"],\"name\":\"x\"}",
                "{\"name\":\"x\",\"tags\":[]}",
                "{\"name\":\"x\",\"tags\":[\"a\",\"a\",\"a\",\"a\"]}",
                "{\"name\":\"x\",\"tags\":[\"c\"]}",
                "{\"name\":\"x\",\"age\":1.5,\"tags\":[\"a\"]}",
                "{\"name\":\"x\",\"tags\":[\"a\"],\"more\":1}",
                "{\"name\":\"x\",\"tags\":[\"a\"],\"kind\":1}")) {
            assertThat(accepts(person, bad)).as(bad).isFalse();
        }
        assertThat(accepts(
                        schema("{\"type\": \"object\", \"additionalProperties\": {\"type\": \"integer\"}}"),
                        "{\"a\":1,\"b\":2}"))
                .isTrue();
        assertThat(accepts(schema("{\"type\": \"array\", \"minItems\": 2}"), "[1]"))
                .isFalse();
        assertThat(accepts(schema("{\"type\": \"array\", \"minItems\": 2}"), "[1,{},[]]"))
                .isTrue();
        assertThat(accepts(schema("{\"anyOf\": [{\"$ref\": \"#\"}, {\"const\": 1}]}"), "1"))
                .isTrue();
    }

    @Test
    void otherKeywordsOfASchemaAreRefusedByName() {
        assertThatThrownBy(
                        () -> schema(
                                "{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"string\", \"pattern\": \"x\"},"
                                        + " \"b\": {\"oneOf\": []}, \"c\": {\"type\": \"date\"}, \"d\": {\"$ref\": \"http://x\"},"
                                        + " \"e\": {\"enum\": []}, \"f\": {\"minItems\": -1}, \"g\": 5}, \"required\": [\"z\"]}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "#.properties.a: pattern (expected: only what constrained sampling knows: ",
                        "#.properties.b: oneOf (expected: ",
                        "#.properties.c.type: date (expected: ",
                        "#.properties.d.$ref: http://x (expected: ",
                        "#.properties.e.enum: [] (expected: ",
                        "#.properties.f.minItems: -1 (expected: ",
                        "#.properties.g: 5 (expected: ",
                        "#.required: [z] (expected: ");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whateverAModelWantsTheTextFulfilsTheSchema(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        JsonGrammar person = schema(PERSON);
        try (Tokenizer tokenizer = TestVocabularies.tinyAusten(folder)) {
            int size = tokenizer.vocabulary().size();
            TokenTable table = new TokenTable(tokenizer.vocabulary(), tokenizer.endIds());
            Sampler sampler = new Sampler(size);
            Constraint constraint = new Constraint(person, tokenizer.vocabulary(), table);
            TokenHistory history = new TokenHistory(new int[0]);
            List<Integer> ids = new ArrayList<>();
            boolean ended = false;
            for (int i = 0; i < 3_000 && !ended; i++) {
                float[] logits = new float[size];
                for (int id = 0; id < size; id++) {
                    // A model that prefers to close what is open.
                    byte[] bytes = tokenizer.vocabulary().bytes(id);
                    boolean closes = bytes.length > 0 && "\"]}".indexOf(bytes[0]) >= 0;
                    logits[id] = (float) random.nextDouble() + (closes ? 6 : 0) + (id == 0 ? 9 : 0);
                }
                BitSet allowed = constraint.allowed();
                assertThat(allowed.isEmpty()).as("seed %d", seed).isFalse();
                int id = sampler.next(logits, Sampling.builder().seed(seed).build(), history, allowed)
                        .id();
                history.add(id);
                constraint.add(id);
                ended = tokenizer.endIds().contains(id);
                ids.add(id);
            }
            String text =
                    tokenizer.decode(ids.stream().mapToInt(Integer::intValue).toArray());
            assertThat(ended).as("seed %d: %s", seed, text).isTrue();
            Map<String, Object> value = JSON.std.mapFrom(text);
            assertThat(value).as("seed %d: %s", seed, text).containsKeys("name", "tags");
            List<?> tags = (List<?>) value.get("tags");
            assertThat(tags).hasSizeBetween(1, 3);
            assertThat(List.of("a", "b", 3).containsAll(tags)).as("%s", tags).isTrue();
        }
    }

    @Test
    void theAllowedTokensAreThoseThatCanBeAdded() throws IOException {
        try (Tokenizer tokenizer = TestVocabularies.tinyAusten(folder)) {
            TokenTable table = new TokenTable(tokenizer.vocabulary(), tokenizer.endIds());
            for (String text : List.of("", "{", "{\"a", "{\"a\": 1", "{\"a\": [tr", "{}")) {
                BitSet allowed = after(text, tokenizer, table).allowed();
                for (int id = 0; id < tokenizer.vocabulary().size(); id++) {
                    Constraint constraint = after(text, tokenizer, table);
                    int token = id;
                    if (allowed.get(id)) {
                        constraint.add(id);
                    } else {
                        assertThatThrownBy(() -> constraint.add(token))
                                .as("%s, then %d", text, id)
                                .hasMessageStartingWith("id: " + id);
                    }
                }
            }
            assertThat(after("{}", tokenizer, table).allowed().stream()).containsExactly(0);
            assertThat(after("{}", tokenizer, table).isComplete()).isTrue();
        }
    }

    private static Constraint after(String text, Tokenizer tokenizer, TokenTable table) {
        Constraint constraint = new Constraint(JsonGrammar.anyObject(), tokenizer.vocabulary(), table);
        for (char character : text.toCharArray()) {
            constraint.add(tokenizer.encode(String.valueOf(character))[0]);
        }
        return constraint;
    }
}
