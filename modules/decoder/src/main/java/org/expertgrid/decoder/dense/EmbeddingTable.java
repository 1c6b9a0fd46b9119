package org.expertgrid.decoder.dense;

import java.nio.ByteBuffer;
import org.expertgrid.checkpoints.safetensors.Tensor;

/**
 * The embeddings of all tokens, as the checkpoint stores them. A large table stays in its file, and a row is read when its token comes.
 *
 * <p>Safe for use by many threads.
 */
public final class EmbeddingTable {
    /** A larger table would take memory that the front of a large model has better use for; reading a row takes some 20 microseconds. */
    static final long MOST_BYTES_IN_MEMORY = 16 << 20;

    private final Tensor tensor;
    private final int width;
    private final float multiplier;
    private final ByteBuffer inMemory;

    EmbeddingTable(Tensor tensor, double multiplier) {
        this.tensor = tensor;
        this.width = Math.toIntExact(tensor.shape().get(1));
        this.multiplier = (float) multiplier;
        this.inMemory = tensor.bytes() <= MOST_BYTES_IN_MEMORY ? tensor.read() : null;
    }

    /** Returns the width of an embedding. */
    public int width() {
        return width;
    }

    /** Returns the memory that the table takes, in bytes: 0 where it stays in its file. */
    public long bytes() {
        return inMemory == null ? 0 : inMemory.capacity();
    }

    /** Puts the embedding of {@code token}, times the multiplier, into {@code target} from {@code to} on. */
    public void row(int token, float[] target, int to) {
        int bytes = width * tensor.type().bytes();
        ByteBuffer row = inMemory != null
                ? inMemory.slice(token * bytes, bytes).order(inMemory.order())
                : tensor.read((long) token * bytes, bytes);
        float[] widened = StoredNumbers.widened(tensor.type(), row);
        for (int i = 0; i < width; i++) {
            target[to + i] = widened[i] * multiplier;
        }
    }
}
