/**
 * The requests and answers of the OpenAI API.
 *
 * <pre>
 *   bytes --Json--> object --Fields--> ChatRequest, CompletionRequest, TokenizeRequest
 *                              |
 *                              +--> ApiException: all that is wrong, with its status
 *
 *   texts, tokens, reasons --Envelope--> objects --Json--> bytes
 * </pre>
 *
 * A field that could change the answer and is not supported is refused by its name, as a field is that is not known. The values of a request are
 * checked here once; nothing further in looks at JSON.
 */
package org.expertgrid.server.openai;
