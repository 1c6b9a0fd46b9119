package org.expertgrid.decoder;

/**
 * The memory that the weights of a decoder take, in bytes, without those of experts. Normalisations and biases of some KB a layer are not counted.
 *
 * @param embeddings of the table of embeddings: 0 where it stays in its file
 * @param attention of the projections of all attentions
 * @param networks of layers without experts, and of networks beside experts
 * @param head of the projection to logits
 */
public record WeightBytes(long embeddings, long attention, long networks, long head) {
    /** Returns the sum. */
    public long total() {
        return embeddings + attention + networks + head;
    }
}
