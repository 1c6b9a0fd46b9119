package org.expertgrid.server.answers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each text is read whole, and one character at a time: the parts must add up to the same. */
class AnswerReaderTest {
    @Test
    void aTextWithoutMarksIsContent() {
        assertThat(read(AnswerForm.TAGS, "", " a < b\n", false)).containsExactly("content: a < b\n");
    }

    @Test
    void thoughtsAreApartFromTheAnswer() {
        assertThat(read(AnswerForm.TAGS, "", "<think>\nHm.\n</think>\n\nYes.", false))
                .containsExactly("reasoning:Hm.", "content:Yes.");
        assertThat(read(AnswerForm.TAGS, "assistant<think>\n", "Hm.\n</think>\n\nYes.", false))
                .containsExactly("reasoning:Hm.", "content:Yes.");
    }

    @Test
    void callsOfToolsAreFoundWhereToolsAreThere() {
        String text = "Look:\n<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n</tool_call>\n"
                + "<tool_call>{\"name\": \"g\"}</tool_call>";
        assertThat(read(AnswerForm.TAGS, "", text, true))
                .containsExactly("content:Look:", "call:f {\"a\":1}", "call:g {}");
        assertThat(read(AnswerForm.TAGS, "", text, false)).containsExactly("content:" + text);
    }

    @Test
    void aCallThatIsBrokenIsContent() {
        String text = "<tool_call>{\"name\": f}</tool_call>";
        assertThat(read(AnswerForm.TAGS, "", text, true)).containsExactly("content:" + text);
    }

    @Test
    void aCallWhoseEndIsMissingIsStillACall() {
        assertThat(read(AnswerForm.TAGS, "", "<tool_call>{\"name\": \"f\", \"arguments\": {}}", true))
                .containsExactly("call:f {}");
    }

    @Test
    void channelsAreApart() {
        String text = "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Yes.";
        assertThat(read(AnswerForm.CHANNELS, "", text, false)).containsExactly("reasoning:Hm.", "content:Yes.");
    }

    @Test
    void aMessageToAFunctionIsACall() {
        String inChannel = "<|channel|>commentary to=functions.f <|constrain|>json<|message|>{\"a\":1}<|call|>";
        String inRole = " to=functions.f<|channel|>commentary json<|message|>{\"a\":1}";
        assertThat(read(AnswerForm.CHANNELS, "", inChannel, true)).containsExactly("call:f {\"a\":1}");
        assertThat(read(AnswerForm.CHANNELS, "", inRole, true)).containsExactly("call:f {\"a\":1}");
    }

    private static List<String> read(AnswerForm form, String prompt, String text, boolean withTools) {
        AnswerReader whole = form.reader(prompt, withTools);
        List<Part> parts = new ArrayList<>(whole.add(text));
        parts.addAll(whole.end());
        AnswerReader single = form.reader(prompt, withTools);
        List<Part> pieces = new ArrayList<>();
        text.chars().forEach(character -> pieces.addAll(single.add(String.valueOf((char) character))));
        pieces.addAll(single.end());
        assertThat(joined(pieces)).isEqualTo(joined(parts));
        return joined(parts);
    }

    /** Returns the parts, neighbours of a kind together. */
    private static List<String> joined(List<Part> parts) {
        List<String> joined = new ArrayList<>();
        String last = "";
        for (Part part : parts) {
            String kind =
                    part instanceof Part.Content ? "content:" : part instanceof Part.Reasoning ? "reasoning:" : "call:";
            String text = part instanceof Part.Content content
                    ? content.text()
                    : part instanceof Part.Reasoning reasoning
                            ? reasoning.text()
                            : ((Part.ToolCall) part).name() + " " + ((Part.ToolCall) part).arguments();
            if (kind.equals(last) && !kind.equals("call:")) {
                joined.set(joined.size() - 1, joined.get(joined.size() - 1) + text);
            } else {
                joined.add(kind + text);
            }
            last = kind;
        }
        return joined;
    }
}
