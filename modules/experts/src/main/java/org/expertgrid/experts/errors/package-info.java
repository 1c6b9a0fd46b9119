/**
 * The exceptions that callers catch, and the collector of all that is wrong with an argument.
 *
 * <pre>
 *   ExpertgridException  &lt;---  BadFileException        a file is missing, unreadable, or not what it claims to be
 *   IllegalArgumentException  &lt;---throws---  Problems   every wrong argument in one message
 * </pre>
 */
package org.expertgrid.experts.errors;
