package org.expertgrid.decoder.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenTemplatesTest {

    static Stream<Arguments> templates() {
        return Stream.of("golden.json", "families.json")
                .flatMap(file -> Goldens.cases(Goldens.json(file)).stream())
                .map(golden -> arguments(golden.get("template"), golden.get("case"), golden));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("templates")
    @SuppressWarnings("unchecked")
    void templatesRenderAsJinja2RendersThem(String template, String name, Map<String, Object> golden) {
        check(Goldens.text(template + ".jinja"), (Map<String, Object>) golden.get("variables"), golden);
    }

    static Stream<Arguments> snippets() {
        Map<?, ?> file = (Map<?, ?>) Goldens.json("snippets.json");
        return Goldens.cases(file.get("cases")).stream()
                .map(golden -> arguments(golden.get("source"), file.get("variables"), golden));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("snippets")
    void snippetsRenderAsJinja2RendersThem(String source, Map<String, Object> variables, Map<String, Object> golden) {
        check(source, variables, golden);
    }

    @Test
    void allGoldensAreThere() {
        assertThat(Goldens.cases(Goldens.json("golden.json"))).hasSize(30);
        assertThat(templates()).hasSizeGreaterThan(30 + 50);
    }

    private static void check(String source, Map<String, Object> variables, Map<String, Object> golden) {
        ChatTemplate template = Goldens.template(source);
        if (golden.containsKey("text")) {
            assertThat(template.render(variables)).isEqualTo(golden.get("text"));
        } else {
            assertThatThrownBy(() -> template.render(variables))
                    .isInstanceOf(TemplateException.class)
                    .hasMessageContaining((String) golden.get("error"));
        }
    }
}
