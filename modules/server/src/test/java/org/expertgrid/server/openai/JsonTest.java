package org.expertgrid.server.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\": [",
                "{\"a\" 1}",
                "{\"a\": tru}",
                "{\"a\": \"x",
                "{\"a\": 1, \"a\": 2}",
                "{\"a\": 01}",
                "{'a': 1}",
                "{\"a\": \"\u0001\"}"
            })
    void aMessageAboutBrokenJsonHasItsPlaceAndNothingOfTheParser(String text) {
        assertThatThrownBy(() -> Json.object(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(ApiException.class)
                .message()
                .startsWith("The body is not JSON: ")
                .contains("(line 1, column ")
                .doesNotContain("REDACTED", "Feature", "JsonParser", "Constraints");
    }

    @ParameterizedTest
    @ValueSource(ints = {101, 100_000})
    void nestingHasALimit(int levels) {
        assertThatThrownBy(() -> Json.object(("{\"a\":" + "[".repeat(levels)).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("at most 100 levels");
        assertThat(Json.object("{\"a\":[[[]]]}".getBytes(StandardCharsets.UTF_8)))
                .containsKey("a");
    }
}
