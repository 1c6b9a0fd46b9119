package org.expertgrid.decoder.attention;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.expertgrid.decoder.architecture.AttentionSpan;
import org.expertgrid.decoder.architecture.LatentShape;
import org.expertgrid.decoder.attention.StepRows.Chunk;
import org.expertgrid.decoder.dense.DenseTensors;
import org.expertgrid.decoder.dense.Norm;
import org.expertgrid.decoder.dense.Projection;
import org.expertgrid.decoder.rotary.RotaryAngles;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.kernels.WeightMatrix;

/**
 * Attention with compressed keys and values (DeepSeek-V2, 2024, section 2.1).
 *
 * <p>With the latent vector c of a position, head h has the key {@code [K_h c, r]} and the value {@code V_h c}. So
 * {@code q . K_h c = (K_h^T q) . c}, and the sum of weighted values is {@code V_h} times the sum of weighted latent vectors: the cache
 * holds {@code [c, r]} alone, all heads share it, and neither keys nor values are ever expanded.
 */
final class LatentAttention implements Attention {
    private final LatentShape shape;
    private final int layer;
    private final Optional<Projection> queryDown;
    private final Optional<Norm> queryNorm;
    private final Projection query;
    private final Projection keyValueDown;
    private final Norm latentNorm;
    private final List<Projection> queriesToLatent;
    private final List<Projection> latentToValues;
    private final Projection output;
    private final ScaledDotProduct products;

    private LatentAttention(LatentShape shape, int layer, DenseTensors tensors, ThreadTeam team) {
        this.shape = shape;
        this.layer = layer;
        this.queryDown = shape.queryDown().map(tensors::projection);
        this.queryNorm = shape.queryNorm().map(tensors::norm);
        this.query = tensors.projection(shape.query());
        this.keyValueDown = tensors.projection(shape.keyValueDown());
        this.latentNorm = tensors.norm(shape.latentNorm());
        int width = shape.plainDim() + shape.valueDim();
        WeightMatrix up = tensors.weight(shape.keyValueUp());
        List<Projection> keys = new ArrayList<>();
        List<Projection> values = new ArrayList<>();
        for (int head = 0; head < shape.heads(); head++) {
            int value = head * width + shape.plainDim();
            keys.add(tensors.projection(tensors.transposed(shape.keyValueUp(), up, head * width, value)));
            values.add(tensors.projection(up.columnRange(value, (head + 1) * width)));
        }
        this.queriesToLatent = keys;
        this.latentToValues = values;
        this.output = tensors.projection(shape.output());
        this.products = new ScaledDotProduct(
                shape.heads(),
                Attention.cacheShape(shape),
                layer,
                AttentionSpan.ALL,
                shape.scale(),
                Optional.empty(),
                tensors.rowLoops(),
                team);
    }

    static LatentAttention read(LatentShape shape, int layer, DenseTensors tensors, ThreadTeam team) {
        return new LatentAttention(shape, layer, tensors, team);
    }

    @Override
    public float[] forward(float[] x, StepRows rows) {
        Optional<RotaryAngles> angles = shape.rotary().map(rows::angles);
        keep(keyValueDown.forward(x), rows, angles);
        float[] compressed = queryDown.isEmpty()
                ? x
                : queryNorm.orElseThrow().apply(queryDown.get().forward(x));
        float[] latent = products.attend(latentQueries(query.forward(compressed), rows.count(), angles), rows);
        return output.forward(values(latent, rows.count()));
    }

    @Override
    public long bytes() {
        return Stream.of(
                        queryDown.stream(),
                        Stream.of(query, keyValueDown, output),
                        queriesToLatent.stream(),
                        latentToValues.stream())
                .flatMap(projections -> projections)
                .mapToLong(Projection::bytes)
                .sum();
    }

    private void keep(float[] keys, StepRows rows, Optional<RotaryAngles> angles) {
        int width = shape.latentDim() + shape.rotatedDim();
        for (Chunk chunk : rows.chunks()) {
            for (int i = 0; i < chunk.rows(); i++) {
                int row = chunk.firstRow() + i;
                int from = row * width;
                latentNorm.apply(keys, from, keys, from);
                angles.ifPresent(turn -> turn.rotate(keys, from + shape.latentDim(), row));
                chunk.cache().putKey(layer, 0, chunk.firstPosition() + i, keys, from);
            }
        }
    }

    /** Returns {@code [K_h^T q, rotated part of q]} of each row and head. */
    private float[] latentQueries(float[] queries, int rows, Optional<RotaryAngles> angles) {
        int width = shape.plainDim() + shape.rotatedDim();
        int latentWidth = shape.latentDim() + shape.rotatedDim();
        float[] latentQueries = new float[rows * shape.heads() * latentWidth];
        for (int head = 0; head < shape.heads(); head++) {
            float[] plain = new float[rows * shape.plainDim()];
            for (int row = 0; row < rows; row++) {
                int from = (row * shape.heads() + head) * width;
                System.arraycopy(queries, from, plain, row * shape.plainDim(), shape.plainDim());
            }
            float[] latent = queriesToLatent.get(head).forward(plain);
            for (int row = 0; row < rows; row++) {
                int from = (row * shape.heads() + head) * width + shape.plainDim();
                int to = (row * shape.heads() + head) * latentWidth;
                System.arraycopy(latent, row * shape.latentDim(), latentQueries, to, shape.latentDim());
                System.arraycopy(queries, from, latentQueries, to + shape.latentDim(), shape.rotatedDim());
                int rotatedRow = row;
                angles.ifPresent(turn -> turn.rotate(latentQueries, to + shape.latentDim(), rotatedRow));
            }
        }
        return latentQueries;
    }

    /** Returns {@code V_h c} of each row and head for the sums c of latent vectors. */
    private float[] values(float[] latent, int rows) {
        float[] values = new float[rows * shape.heads() * shape.valueDim()];
        for (int head = 0; head < shape.heads(); head++) {
            float[] ofHead = new float[rows * shape.latentDim()];
            for (int row = 0; row < rows; row++) {
                int from = (row * shape.heads() + head) * shape.latentDim();
                System.arraycopy(latent, from, ofHead, row * shape.latentDim(), shape.latentDim());
            }
            float[] expanded = latentToValues.get(head).forward(ofHead);
            for (int row = 0; row < rows; row++) {
                int to = (row * shape.heads() + head) * shape.valueDim();
                System.arraycopy(expanded, row * shape.valueDim(), values, to, shape.valueDim());
            }
        }
        return values;
    }
}
