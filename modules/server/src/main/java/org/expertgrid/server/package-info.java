/**
 * A model behind the OpenAI API, with a page and metrics.
 *
 * <pre>
 *   clients, browsers, Prometheus
 *        |
 *        v
 *      http        routes, limits, replies that wait for no client      page      what the page shows
 *        |
 *        v
 *     replies      from texts to answers, whole or piece by piece
 *        |
 *        v
 *    sessions      the texts of one request: begun, watched, cancelled  metrics   counts and times of texts
 *        |    \
 *        |     answers   content, reasoning, calls of tools
 *        |         |
 *        |      openai   what requests and answers look like
 *        v
 *      Engine      a Generator of the decoder
 * </pre>
 *
 * {@link org.expertgrid.server.ExpertgridServer} is the way in. The packages stand on each other in this order: {@code openai}, {@code answers},
 * {@code metrics}, {@code sessions}, {@code replies}, {@code page}, {@code http}, this one.
 */
package org.expertgrid.server;
