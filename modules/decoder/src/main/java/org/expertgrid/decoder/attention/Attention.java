package org.expertgrid.decoder.attention;

import org.expertgrid.decoder.architecture.AttentionShape;
import org.expertgrid.decoder.architecture.GroupedQueryShape;
import org.expertgrid.decoder.architecture.LatentShape;
import org.expertgrid.decoder.caches.CacheShape;
import org.expertgrid.decoder.dense.DenseTensors;
import org.expertgrid.experts.threads.ThreadTeam;

/** The attention of one layer. Safe for use by many threads, as long as each has sequences of its own. */
public sealed interface Attention permits GroupedQueryAttention, LatentAttention {
    /** Reads the weights of an attention, which is number {@code layer} in the caches. */
    static Attention read(AttentionShape shape, int layer, DenseTensors tensors, ThreadTeam team) {
        if (shape instanceof LatentShape latent) {
            return LatentAttention.read(latent, layer, tensors, team);
        }
        return GroupedQueryAttention.read((GroupedQueryShape) shape, layer, tensors, team);
    }

    /** Returns what an attention of that shape keeps of a position. */
    static CacheShape cacheShape(AttentionShape shape) {
        if (shape instanceof LatentShape latent) {
            return new CacheShape(1, latent.latentDim() + latent.rotatedDim(), latent.latentDim(), true);
        }
        GroupedQueryShape grouped = (GroupedQueryShape) shape;
        return new CacheShape(grouped.keyValueHeads(), grouped.headDim(), grouped.headDim(), false);
    }

    /**
     * Returns the result for each row of {@code x}, and keeps the rows' keys and values in their caches.
     *
     * @param x {@code [rows.count, hiddenDim]}, row after row
     */
    float[] forward(float[] x, StepRows rows);

    /** Returns the memory that the weights take, in bytes. */
    long bytes();
}
