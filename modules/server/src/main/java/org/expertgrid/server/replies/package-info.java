/**
 * From the texts of a request to what its client reads.
 *
 * <pre>
 *   Receiver: piece, ended, completed, failed, waiting
 *        |
 *        +-- ChatStream       event: role, events: pieces, event: reason, event: usage, [DONE]
 *        +-- ChatReply        one object
 *        +-- CompletionReply  either
 *        |
 *        v
 *   Output: event, whole, error, ping
 * </pre>
 */
package org.expertgrid.server.replies;
