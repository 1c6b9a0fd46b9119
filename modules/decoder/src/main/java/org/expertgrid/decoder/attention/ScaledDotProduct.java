package org.expertgrid.decoder.attention;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.expertgrid.decoder.architecture.AttentionSpan;
import org.expertgrid.decoder.attention.StepRows.Chunk;
import org.expertgrid.decoder.caches.CacheShape;
import org.expertgrid.decoder.caches.SequenceCache;
import org.expertgrid.decoder.caches.Tile;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.kernels.RowLoops;

/**
 * {@code softmax(scale q k) v} of each row and head, over the cached keys and values that the row may see (Vaswani and others, 2017).
 * With a sink s, the softmax runs over one more logit, s, that belongs to no value (gpt-oss).
 *
 * <p>Threads share units of some rows and some heads of one chunk. A unit goes through the pages twice: for the products with the keys, and,
 * when the weights are known, for the sums of the values.
 *
 * <p>Immutable, safe for use by many threads.
 */
final class ScaledDotProduct {
    private static final int PAGE = SequenceCache.PAGE;
    private static final int HEADS_OF_UNIT = 8;
    private static final int PAIRS_OF_UNIT = 32;
    /** So many logits of a unit stay in the second-level cache. */
    private static final int LOGITS_OF_UNIT = 1 << 17;

    private final int heads;
    private final CacheShape shape;
    private final int layer;
    private final AttentionSpan span;
    private final float scale;
    private final Optional<float[]> sinks;
    private final RowLoops loops;
    private final ThreadTeam team;

    ScaledDotProduct(
            int heads,
            CacheShape shape,
            int layer,
            AttentionSpan span,
            double scale,
            Optional<float[]> sinks,
            RowLoops loops,
            ThreadTeam team) {
        this.heads = heads;
        this.shape = shape;
        this.layer = layer;
        this.span = span;
        this.scale = (float) scale;
        this.sinks = sinks;
        this.loops = loops;
        this.team = team;
    }

    /** Some rows of a chunk and some query heads that share a head of keys. */
    private record Unit(Chunk chunk, int fromRow, int toRow, int fromHead, int toHead) {}

    /**
     * Returns the weighted sums of values, {@code [rows, heads, valueDim]}.
     *
     * @param queries {@code [rows, heads, keyDim]}
     */
    float[] attend(float[] queries, StepRows rows) {
        float[] sums = new float[rows.count() * heads * shape.valueDim()];
        List<Unit> units = new ArrayList<>();
        long products = 0;
        for (Chunk chunk : rows.chunks()) {
            int last = chunk.firstPosition() + chunk.rows() - 1;
            long visible = last - span.first(last) + 1;
            products += visible * chunk.rows() * heads * (shape.keyDim() + shape.valueDim());
            addUnits(chunk, (int) visible, units);
        }
        team.worth(products).run(new ThreadTeam.Stage(units.size(), i -> attend(units.get(i), queries, sums)));
        return sums;
    }

    private void addUnits(Chunk chunk, int visible, List<Unit> units) {
        int group = heads / shape.heads();
        int unitHeads = Math.min(group, HEADS_OF_UNIT);
        int pairs = Math.min(PAIRS_OF_UNIT, LOGITS_OF_UNIT / visible);
        int unitRows = Math.max(1, pairs / unitHeads);
        for (int row = 0; row < chunk.rows(); row += unitRows) {
            int toRow = Math.min(row + unitRows, chunk.rows());
            for (int keyHead = 0; keyHead < shape.heads(); keyHead++) {
                int end = (keyHead + 1) * group;
                for (int head = keyHead * group; head < end; head += unitHeads) {
                    units.add(new Unit(chunk, row, toRow, head, Math.min(head + unitHeads, end)));
                }
            }
        }
    }

    private void attend(Unit unit, float[] queries, float[] sums) {
        int firstPage = span.first(unit.chunk().firstPosition() + unit.fromRow()) / PAGE;
        int lastPage = (unit.chunk().firstPosition() + unit.toRow() - 1) / PAGE;
        int stride = (lastPage - firstPage + 1) * PAGE;
        float[] logits = new float[(unit.toRow() - unit.fromRow()) * (unit.toHead() - unit.fromHead()) * stride];
        Tile tile = new Tile();
        for (int page = firstPage; page <= lastPage; page++) {
            unit.chunk().cache().showKeys(layer, keyHead(unit), page, tile);
            multiplyKeys(unit, queries, tile, logits, stride, (page - firstPage) * PAGE);
        }
        weigh(unit, logits, stride, firstPage * PAGE);
        float[][] ofPairs = new float[logits.length / stride][shape.valueDim()];
        for (int page = firstPage; page <= lastPage; page++) {
            unit.chunk().cache().showValues(layer, keyHead(unit), page, tile);
            addValues(unit, logits, stride, firstPage * PAGE, page, tile, ofPairs);
        }
        store(unit, ofPairs, sums);
    }

    private int keyHead(Unit unit) {
        return unit.fromHead() / (heads / shape.heads());
    }

    /** Puts the products of the unit's queries with the keys of a page into {@code logits}, those of invisible slots included. */
    private void multiplyKeys(Unit unit, float[] queries, Tile keys, float[] logits, int stride, int offset) {
        float[] products = new float[PAGE];
        int pair = 0;
        for (int row = unit.fromRow(); row < unit.toRow(); row++) {
            for (int head = unit.fromHead(); head < unit.toHead(); head++, pair++) {
                int query = ((unit.chunk().firstRow() + row) * heads + head) * shape.keyDim();
                Arrays.fill(products, 0);
                keys.addScaled(loops, 0, shape.keyDim(), queries, query, products);
                System.arraycopy(products, 0, logits, pair * stride + offset, PAGE);
            }
        }
    }

    /** Turns the logits of each pair's visible positions into weights, whose sum is 1 or, with a sink, less. */
    private void weigh(Unit unit, float[] logits, int stride, int firstPosition) {
        int pair = 0;
        for (int row = unit.fromRow(); row < unit.toRow(); row++) {
            int position = unit.chunk().firstPosition() + row;
            for (int head = unit.fromHead(); head < unit.toHead(); head++, pair++) {
                int from = pair * stride + span.first(position) - firstPosition;
                int to = pair * stride + position + 1 - firstPosition;
                float sink = sinks.isEmpty() ? Float.NEGATIVE_INFINITY : sinks.get()[head];
                softmax(logits, from, to, sink);
            }
        }
    }

    private void softmax(float[] logits, int from, int to, float sink) {
        float largest = sink;
        for (int i = from; i < to; i++) {
            logits[i] *= scale;
            largest = Math.max(largest, logits[i]);
        }
        double sum = Math.exp(sink - largest);
        for (int i = from; i < to; i++) {
            logits[i] = (float) Math.exp(logits[i] - largest);
            sum += logits[i];
        }
        float factor = (float) (1 / sum);
        for (int i = from; i < to; i++) {
            logits[i] *= factor;
        }
    }

    /** Adds the weighted values of a page's visible positions to the sums of the unit's pairs. */
    private void addValues(
            Unit unit, float[] weights, int stride, int firstPosition, int page, Tile values, float[][] ofPairs) {
        int pair = 0;
        for (int row = unit.fromRow(); row < unit.toRow(); row++) {
            int position = unit.chunk().firstPosition() + row;
            int from = Math.max(span.first(position), page * PAGE);
            int to = Math.min(position + 1, (page + 1) * PAGE);
            for (int head = unit.fromHead(); head < unit.toHead(); head++, pair++) {
                int weight = pair * stride + from - firstPosition;
                values.addScaled(loops, from - page * PAGE, to - page * PAGE, weights, weight, ofPairs[pair]);
            }
        }
    }

    private void store(Unit unit, float[][] ofPairs, float[] sums) {
        int width = shape.valueDim();
        int pair = 0;
        for (int row = unit.fromRow(); row < unit.toRow(); row++) {
            for (int head = unit.fromHead(); head < unit.toHead(); head++, pair++) {
                int to = ((unit.chunk().firstRow() + row) * heads + head) * width;
                System.arraycopy(ofPairs[pair], 0, sums, to, width);
            }
        }
    }
}
