package org.expertgrid.server.replies;

import org.expertgrid.server.openai.ApiException;

/** Takes what a reply consists of, towards the client. No call waits for the client. */
public interface Output {
    /** Sends the next event of a stream. */
    void event(Object json);

    /** Ends a stream. */
    void endOfEvents();

    /** Sends a reply that is whole. */
    void whole(Object json);

    /** Sends an error; where a part of the reply has been sent, the connection is cut, so that no client takes the part for the whole. */
    void error(ApiException cause);

    /** Sends something that means nothing, so that no proxy on the way ends the connection. */
    void ping();
}
