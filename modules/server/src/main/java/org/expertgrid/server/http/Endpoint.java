package org.expertgrid.server.http;

/** Answers the requests for one path. */
interface Endpoint {
    /**
     * Answers now, or begins an answer that goes on later.
     *
     * @throws org.expertgrid.server.openai.ApiException which becomes the answer
     */
    void answer(Exchange exchange);
}
