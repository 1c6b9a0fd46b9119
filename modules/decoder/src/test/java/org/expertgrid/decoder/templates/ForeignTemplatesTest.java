package org.expertgrid.decoder.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.expertgrid.decoder.python.Limits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates that mean harm, or are broken. */
class ForeignTemplatesTest {
    private static final Limits SMALL = new Limits(100_000, 1 << 20, 10_000, 100);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for i in range(10 ** 9) %}{% endfor %}",
                "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
                "{% set ns = namespace(x='a') %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
                "{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
                "{% set ns = namespace(x=[]) %}{% for i in range(9999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}",
                "{% set ns = namespace(x=[]) %}{% for i in range(9999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x == ns.x }}",
                "{% set ns = namespace(x=[]) %}{% for i in range(9999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x | tojson }}",
                "{% for i in range(9999) %}{{ 'a long text' }}{% endfor %}",
                "{{ 'a' * 10 ** 9 }}",
                "{{ 10 ** 9 * [1] }}",
                "{{ [[1] * 1000] * 1000 }}",
                "{{ 9 ** (9 ** 9) }}",
                "{{ ('9' * 5000) | int ** 9 }}{{ (2 ** 4000) * (2 ** 4000) }}",
                "{{ '%1000000000d' % 1 }}",
                "{{ '%.999999999f' % 1 }}",
                "{{ '%s' | format('a' * 600000) }}",
                "{{ '{:>999999999}'.format('a') }}",
                "{{ 'a'.center(10 ** 9) }}",
                "{{ 'a'.ljust(10 ** 9) }}",
                "{{ 'a'.rjust(10 ** 9, 'ab') }}",
                "{{ 'a'.zfill(10 ** 9) }}",
                "{{ 'a' | center(10 ** 9) }}",
                "{{ 'a\nb' | indent(10 ** 9) }}",
                "{{ [1] | tojson(indent=10 ** 9) }}",
                "{{ ('a' * 1000).replace('a', 'b' * 10000) }}",
                "{{ ('a' * 1000).replace('', 'b' * 10000) }}",
                "{{ ('b' * 10000).join('a' * 1000) }}",
                "{{ [1] | batch(10 ** 9, 0) | list }}",
                "{{ ('a' * 200000) in ('a' * 300000) }}",
                "{{ ('a' * 100000).split('a') | length }}",
                "{{ ('a ' * 100000) | list | length }}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}",
                "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
                "{% set ns = namespace() %}{% set ns.x = [ns] %}{{ ns.x == [ns.x] }}{{ 'a' * 10 ** 7 }}",
                "{{ 10 | round(10 ** 9) }}",
                "{{ 1e308 | int * 10 ** 4000 }}"
            })
    void aTemplateWithoutAnEndEndsInAnError(String source) {
        ChatTemplate template = ChatTemplate.parse(source, SMALL, Goldens.CLOCK);
        assertThatThrownBy(() -> template.render(Map.of()))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("chat template, line ");
    }

    static Stream<String> deepSources() {
        return Stream.of(
                "{{ " + "(".repeat(10_000) + "1" + ")".repeat(10_000) + " }}",
                "{{ " + "[".repeat(10_000) + "]".repeat(10_000) + " }}",
                "{{ " + "-".repeat(100_000) + "1 }}",
                "{{ " + "not ".repeat(100_000) + "1 }}",
                "{{ " + "1 if 1 else ".repeat(10_000) + "1 }}",
                "{% if 1 %}".repeat(10_000) + "{% endif %}".repeat(10_000),
                "{% set " + "(".repeat(10_000) + "a" + ")".repeat(10_000) + " = 1 %}",
                "{{ 1" + " + 1".repeat(10_000) + " }}",
                "{{ a" + ".a".repeat(10_000) + " }}",
                "{{ 'a'" + " | trim".repeat(10_000) + " }}",
                "{{ 1" + " and 1".repeat(10_000) + " }}");
    }

    @ParameterizedTest
    @MethodSource("deepSources")
    void deeplyNestedSourceEndsInAnError(String source) {
        assertThatThrownBy(() -> Goldens.template(source).render(Map.of()))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("nested deeper");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ ''.__class__ }}",
                "{{ ''.class }}",
                "{{ ''.getClass }}",
                "{{ [].getClass }}",
                "{{ {}.__init__ }}",
                "{{ range.__globals__ }}",
                "{{ namespace().__class__ }}",
                "{{ messages.class }}",
                "{{ self }}",
                "{{ System }}"
            })
    void nothingLeadsOutOfATemplate(String source) {
        assertThat(ChatTemplate.parse(source).render(Map.of("messages", List.of())))
                .isEmpty();
    }

    @Test
    void aMethodOfJavaCannotBeCalled() {
        ChatTemplate template = ChatTemplate.parse("{{ messages.getClass().getName() }}");
        assertThatThrownBy(() -> template.render(Map.of("messages", List.of())))
                .hasMessageContaining("'list object' has no attribute 'getClass'");
    }

    @Test
    void valuesThatAreNotJsonAreRefusedByName() {
        ChatTemplate template = ChatTemplate.parse("a");
        assertThatThrownBy(() -> template.render(Map.of("messages", List.of(Map.of("content", new File("x"))))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("messages.content: a java.io.File "
                        + "(expected: null, a boolean, a number, a text, a list or a mapping)");
        assertThatThrownBy(() -> template.render(Map.of("tools", Map.of(1, 2))))
                .hasMessage("tools: the key 1 (expected: a text)");
        Object nested = "x";
        for (int i = 0; i < 200; i++) {
            nested = List.of(nested);
        }
        Map<String, Object> deep = Map.of("tools", nested);
        assertThatThrownBy(() -> template.render(deep)).hasMessageContaining("nested deeper than 100 levels");
    }

    @Test
    void variablesThatChangeWhileRenderingAreSeenAsTheyWere() {
        List<Object> messages = new ArrayList<>(Arrays.asList(1, null, 2.5f));
        assertThat(ChatTemplate.parse("{{ messages }}").render(Map.of("messages", messages)))
                .isEqualTo("[1, None, 2.5]");
        assertThat(messages).hasSize(3);
        assertThat(ChatTemplate.parse("{{ x }}").render(Collections.singletonMap("x", null)))
                .isEqualTo("None");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ 1",
                "{{ }}",
                "{% if %}{% endif %}",
                "{% if 1 %}",
                "{% for x in [1] %}",
                "{% endfor %}",
                "{% else %}",
                "{% nothing %}",
                "{% include 'x' %}",
                "{% import 'x' as x %}",
                "{% do x %}",
                "{% break %}",
                "{% for x in [1] %}{% macro m() %}{% break %}{% endmacro %}{% endfor %}",
                "{# never closed",
                "{% raw %} never closed",
                "{{ 'never closed }}",
                "{{ 1 + }}",
                "{{ a[ }}",
                "{{ (1 }}",
                "{{ 1) }}",
                "{{ a b }}",
                "{{ 'a' | }}",
                "{{ a is }}",
                "{{ $ }}",
                "{{ '\\xzz' }}",
                "{% set = 1 %}",
                "{% set 1 = 1 %}",
                "{% macro %}{% endmacro %}",
                "{% call 1 %}{% endcall %}",
                "{{ f(a=1, 2) }}",
                "{% with a %}{% endwith %}"
            })
    void aBrokenTemplateIsRefusedWithItsLine(String source) {
        assertThatThrownBy(() -> ChatTemplate.parse("\n\n" + source))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("chat template, line 3: ");
    }

    @Test
    void anErrorNamesTheLineOfTheStatementThatFailed() {
        ChatTemplate template = ChatTemplate.parse("a\n{% if true %}\n\n  {{ missing.name }}\n{% endif %}");
        assertThatThrownBy(() -> template.render(Map.of())).hasMessage("chat template, line 4: 'missing' is undefined");
    }

    @Test
    void aRefusalHasTheTemplatesOwnWords() {
        ChatTemplate template = ChatTemplate.parse("{{ raise_exception('roles must alternate') }}");
        assertThatThrownBy(() -> template.render(Map.of()))
                .isInstanceOf(TemplateRefusal.class)
                .hasMessage("roles must alternate");
    }

    @Test
    void theTimeIsThatOfTheClock() {
        String format = "%Y-%m-%d %H:%M:%S %y %-d %e %B %b %A %a %j %I %p %f %F %T %D %R %u %w %%";
        assertThat(Goldens.template("{{ strftime_now('" + format + "') }}").render(Map.of()))
                .isEqualTo("2026-11-08 09:05:03 26 8  8 November Nov Sunday Sun 312 09 AM 000000 2026-11-08 09:05:03"
                        + " 11/08/26 09:05 7 0 %");
        assertThatThrownBy(() -> Goldens.template("{{ strftime_now('%c') }}").render(Map.of()))
                .hasMessageContaining("strftime_now: %c (expected: ");
    }

    @Test
    void aLongConversationStaysWithinTheLimits() {
        Map<String, Object> user = Map.of("role", "user", "content", "word ".repeat(1_000));
        Map<String, Object> assistant =
                Map.of("role", "assistant", "content", "<think>\nhm\n</think>\n\n" + "word ".repeat(1_000));
        List<Object> messages = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            messages.add(user);
            messages.add(assistant);
        }
        String text = Goldens.template(Goldens.text("families/thinking-tools.jinja"))
                .render(Map.of("messages", messages, "add_generation_prompt", true));
        assertThat(text).hasSizeGreaterThan(1_000_000);
    }
}
