package org.expertgrid.server.answers;

import java.util.stream.Stream;
import org.expertgrid.decoder.tokens.Vocabulary;

/** How a model marks the parts of its answers. */
public enum AnswerForm {
    /** Tags around thoughts and around calls of tools, as in the models of Qwen, Hermes and DeepSeek; a text without tags is content. */
    TAGS,
    /** Messages with a header that names a channel, as in gpt-oss. */
    CHANNELS;

    /** Returns the form of a model with this vocabulary. */
    public static AnswerForm of(Vocabulary vocabulary) {
        boolean channels = Stream.of(ChannelReader.CHANNEL, ChannelReader.MESSAGE, ChannelReader.START)
                .allMatch(token -> vocabulary.id(token).isPresent());
        return channels ? CHANNELS : TAGS;
    }

    /** Tells whether the marks are special tokens, which the text must contain. */
    public boolean needsSpecialTokens() {
        return this == CHANNELS;
    }

    /**
     * Begins a text.
     *
     * @param prompt what the text follows; it may have opened the model's thoughts
     * @param withTools whether calls of tools are looked for
     */
    public AnswerReader reader(String prompt, boolean withTools) {
        return this == CHANNELS
                ? new ChannelReader()
                : new TagReader(prompt.stripTrailing().endsWith(TagReader.THINK), withTools);
    }
}
