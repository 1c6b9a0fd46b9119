package org.expertgrid.server.sessions;

import java.util.List;
import org.expertgrid.decoder.generation.GenerationResult;
import org.expertgrid.decoder.sampling.SampledToken;
import org.expertgrid.server.openai.ApiException;

/** Takes the texts of one request. All calls come one after another. */
public interface Receiver {
    /**
     * Takes a piece of a text.
     *
     * @param choice which text, from 0 on
     * @param tokens the tokens that have been chosen since the last piece
     */
    void piece(int choice, String piece, List<SampledToken> tokens);

    /**
     * Takes the end of a text.
     *
     * @param tokens the tokens that have been chosen since the last piece
     */
    void ended(int choice, GenerationResult result, List<SampledToken> tokens);

    /** Is told that all texts have ended. */
    void completed();

    /** Is told that the request has failed; no other call follows. */
    void failed(ApiException cause);

    /** Is told from time to time that texts are still coming. */
    void waiting();
}
