/**
 * Tells the parts of an answer apart while it is written: content, reasoning, calls of tools.
 *
 * <pre>
 *   pieces of text --MarkedText--> text | mark | text | mark ...
 *                                          |
 *             TagReader                    |                ChannelReader
 *   &lt;think&gt;...&lt;/think&gt;           --+--    &lt;|channel|&gt;analysis&lt;|message|&gt;...&lt;|end|&gt;
 *   &lt;tool_call&gt;{...}&lt;/tool_call&gt;   |      ... to=functions.NAME&lt;|message|&gt;{...}
 *                                          v
 *                     Part: Content, Reasoning, ToolCall
 * </pre>
 *
 * A call is given out when it is whole, so that no client gets half of one.
 */
package org.expertgrid.server.answers;
