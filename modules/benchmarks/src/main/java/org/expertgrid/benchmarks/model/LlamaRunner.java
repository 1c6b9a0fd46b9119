package org.expertgrid.benchmarks.model;

import com.sun.jna.Pointer;
import java.nio.file.Path;

/** llama.cpp, on a GGUF file that it maps into memory, with keys and values in float32 as Expertgrid keeps them. */
final class LlamaRunner implements ModelRunner {
    /** The code of float32 among ggml's types. */
    private static final int FLOAT32 = 0;

    private final LlamaLibrary library;
    private final int vocabulary;
    private final Pointer model;
    private final Pointer context;
    private final LlamaLibrary.Batch batch;
    private final int mostTokens;
    private int length;
    private int tokensOfStep;

    /**
     * Loads a model.
     *
     * @param mostTokens the most tokens of all sequences together
     * @param mostSequences the most sequences
     */
    LlamaRunner(LlamaLibrary library, Path file, int vocabulary, int threads, int mostTokens, int mostSequences) {
        this.library = library;
        this.vocabulary = vocabulary;
        this.mostTokens = mostTokens;
        model = library.llama_model_load_from_file(file.toString(), library.llama_model_default_params());
        if (model == null) {
            throw new IllegalStateException("llama.cpp cannot load " + file);
        }
        LlamaLibrary.ContextParameters parameters = library.llama_context_default_params();
        parameters.n_ctx = mostTokens;
        parameters.n_batch = mostTokens;
        parameters.n_seq_max = mostSequences;
        parameters.n_threads = threads;
        parameters.n_threads_batch = threads;
        parameters.type_k = FLOAT32;
        parameters.type_v = FLOAT32;
        parameters.no_perf = 1;
        context = library.llama_init_from_model(model, parameters);
        if (context == null) {
            library.llama_model_free(model);
            throw new IllegalStateException("llama.cpp cannot make a context for " + file);
        }
        batch = library.llama_batch_init(mostTokens, 0, 1);
    }

    @Override
    public String name() {
        return "llama.cpp";
    }

    @Override
    public void begin(int sequences) {
        library.llama_kv_self_clear(context);
        length = 0;
    }

    @Override
    public void step(int[][] tokens) {
        tokensOfStep = tokens[0].length;
        int entry = 0;
        for (int sequence = 0; sequence < tokens.length; sequence++) {
            for (int i = 0; i < tokensOfStep; i++, entry++) {
                long at = (long) entry * Integer.BYTES;
                batch.token.setInt(at, tokens[sequence][i]);
                batch.pos.setInt(at, length + i);
                batch.n_seq_id.setInt(at, 1);
                batch.seq_id.getPointer((long) entry * Long.BYTES).setInt(0, sequence);
                batch.logits.setByte(entry, (byte) (i == tokensOfStep - 1 ? 1 : 0));
            }
        }
        if (entry > mostTokens) {
            throw new IllegalArgumentException(
                    "tokens of a step: " + entry + " (expected: at most " + mostTokens + ")");
        }
        batch.n_tokens = entry;
        int status = library.llama_decode(context, batch);
        if (status != 0) {
            throw new IllegalStateException("llama.cpp: a step ended with status " + status);
        }
        length += tokensOfStep;
    }

    @Override
    public float[] logits(int sequence) {
        int entry = (sequence + 1) * tokensOfStep - 1;
        return library.llama_get_logits_ith(context, entry).getFloatArray(0, vocabulary);
    }

    @Override
    public void close() {
        library.llama_batch_free(batch);
        library.llama_free(context);
        library.llama_model_free(model);
    }
}
