/**
 * Chat templates: from messages to the text that a model continues.
 *
 * <pre>
 *   {% for m in messages %}...        messages, tools, ...
 *        |                                  |
 *        v                                  v
 *      Lexer --> Parser --> Block  --->  ChatTemplate.render  --->  &lt;|im_start|&gt;user ...
 *                  |          |                                     or TemplateRefusal: "roles must alternate"
 *                  v          v
 *         ExpressionParser  Statement, Loop, Macro
 *         OperandParser       |
 *                  |          v
 *                  +----> Expression --> filters and tests (package filters), Globals --> values and their Meter (package python)
 * </pre>
 *
 * The language is Jinja as jinja2 and transformers run it. {@link org.expertgrid.decoder.templates.ChatTemplate} is the way in. Each
 * kind of statement and expression is a record that executes or evaluates itself in a {@code Scope}.
 *
 * <p>A template comes with a model, so it is foreign code. It reads no file, calls no Java, changes no value but a namespace of its own, and
 * ends when it reaches a limit.
 */
package org.expertgrid.decoder.templates;
