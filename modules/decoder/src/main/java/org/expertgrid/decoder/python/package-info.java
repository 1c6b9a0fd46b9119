/**
 * Python's values and what Python does with them, as far as chat templates see it.
 *
 * <pre>
 *   messages, tools (Java)                          the text that a template prints
 *        |                                                        ^
 *        v                                                        |
 *     Values  -->  Arithmetic  Comparison  Attributes  -->  Printing  JsonText  Formatting
 *                       |           |          |                  |
 *                       +-----------+-----+----+------------------+
 *                                         v
 *                     Meter: each step and each byte is counted, and there is an end
 * </pre>
 *
 * Chat templates are written for Python, and a model was trained on what Python prints: {@code True} and not {@code true}, {@code 2.0} and
 * not {@code 2}, {@code ['a']} and not {@code [a]}. So the numbers, texts, lists and mappings of a template behave here as they do there,
 * errors included, whose messages are Python's.
 *
 * <p>A template is foreign code. It sees only the values in this package, none of which leads to a Java object, and every text and list is
 * announced to the {@link org.expertgrid.decoder.python.Meter} before it is made.
 */
package org.expertgrid.decoder.python;
