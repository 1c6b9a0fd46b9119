/**
 * The life of a request.
 *
 * <pre>
 *   ServedModel: name, template, tokenizer
 *        |
 *        |  prompt
 *        v
 *   Sessions.open --submit--> Engine: one text for each choice          on the thread that makes texts
 *        |                       |
 *        |                       v  token, text, ended, failed
 *        +---------------->   Session   --SerialExecutor-->  Receiver    on the server's threads
 *                                ^
 *                                +-- cancel: the client is gone
 * </pre>
 *
 * A session ends with its last text, with the first that fails, or when it is cancelled; its other texts are cancelled then. The thread that makes
 * texts never waits for a client.
 */
package org.expertgrid.server.sessions;
