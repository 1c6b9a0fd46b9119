/**
 * Text to tokens and back, as a checkpoint's files say.
 *
 * <pre>
 *   tokenizer.json          tokenizer_config.json, chat_template.jinja       config.json, generation_config.json
 *      |        \                          |                                            |
 *      v         v                         v                                            v
 *   native    TokenizerFile        TokenizerSettings                                EndTokens
 *   library       |                        |                                            |
 *      |          v                        v                                            v
 *      |      Vocabulary            special tokens, templates                       ids that end a text
 *      v          |
 *   text -> ids   +---> ids -> TextStream -> whole characters
 * </pre>
 *
 * {@link org.expertgrid.decoder.tokens.Tokenizer} is the way in. Cutting text into tokens is done by Hugging Face's own library, in native code.
 * The way back is a table of bytes, {@link org.expertgrid.decoder.tokens.Vocabulary}: a token of a byte-level vocabulary may be a part of a
 * character, and only who sees the bytes knows when a character is whole.
 */
package org.expertgrid.decoder.tokens;
