package org.expertgrid.decoder.attention;

import java.util.Optional;
import org.expertgrid.decoder.architecture.GroupedQueryShape;
import org.expertgrid.decoder.attention.StepRows.Chunk;
import org.expertgrid.decoder.dense.DenseTensors;
import org.expertgrid.decoder.dense.Norm;
import org.expertgrid.decoder.dense.Projection;
import org.expertgrid.decoder.rotary.RotaryAngles;
import org.expertgrid.experts.threads.ThreadTeam;

/** Attention in which several query heads share a head of keys and values. */
final class GroupedQueryAttention implements Attention {
    private final GroupedQueryShape shape;
    private final int layer;
    private final Projection inputs;
    private final Projection output;
    private final Optional<Norm> queryNorm;
    private final Optional<Norm> keyNorm;
    private final ScaledDotProduct products;
    private final int queryWidth;
    private final int keyWidth;
    private final int width;

    private GroupedQueryAttention(
            GroupedQueryShape shape,
            int layer,
            Projection inputs,
            Projection output,
            Optional<Norm> queryNorm,
            Optional<Norm> keyNorm,
            ScaledDotProduct products) {
        this.shape = shape;
        this.layer = layer;
        this.inputs = inputs;
        this.output = output;
        this.queryNorm = queryNorm;
        this.keyNorm = keyNorm;
        this.products = products;
        this.queryWidth = shape.heads() * shape.headDim();
        this.keyWidth = shape.keyValueHeads() * shape.headDim();
        this.width = queryWidth + 2 * keyWidth;
    }

    static GroupedQueryAttention read(GroupedQueryShape shape, int layer, DenseTensors tensors, ThreadTeam team) {
        return new GroupedQueryAttention(
                shape,
                layer,
                tensors.projection(shape.inputs()),
                tensors.projection(shape.output()),
                shape.queryNorm().map(tensors::norm),
                shape.keyNorm().map(tensors::norm),
                new ScaledDotProduct(
                        shape.heads(),
                        Attention.cacheShape(shape),
                        layer,
                        shape.span(),
                        shape.scale(),
                        shape.sinks().map(tensors::vector),
                        tensors.rowLoops(),
                        team));
    }

    @Override
    public float[] forward(float[] x, StepRows rows) {
        float[] projected = inputs.forward(x);
        Optional<RotaryAngles> angles = shape.rotary().map(rows::angles);
        float[] queries = new float[rows.count() * queryWidth];
        for (Chunk chunk : rows.chunks()) {
            for (int i = 0; i < chunk.rows(); i++) {
                int row = chunk.firstRow() + i;
                int position = chunk.firstPosition() + i;
                prepare(projected, row * width, row, position, angles);
                System.arraycopy(projected, row * width, queries, row * queryWidth, queryWidth);
                keep(projected, row * width + queryWidth, chunk, position);
            }
        }
        return output.forward(products.attend(queries, rows));
    }

    @Override
    public long bytes() {
        return inputs.bytes() + output.bytes();
    }

    /** Brings the row's queries and keys, which begin at {@code from}, into the form in which they are multiplied. */
    private void prepare(float[] projected, int from, int row, int position, Optional<RotaryAngles> angles) {
        if (!shape.normAfterRotation()) {
            normalise(projected, from);
        }
        if (Double.isFinite(shape.clip())) {
            clip(projected, from);
        }
        angles.ifPresent(turn -> {
            for (int head = 0; head < shape.heads() + shape.keyValueHeads(); head++) {
                turn.rotate(projected, from + head * shape.headDim(), row);
            }
        });
        if (shape.normAfterRotation()) {
            normalise(projected, from);
        }
        shape.temperature().ifPresent(temperature -> {
            float factor = (float) temperature.at(position);
            for (int i = 0; i < queryWidth; i++) {
                projected[from + i] *= factor;
            }
        });
    }

    private void normalise(float[] projected, int from) {
        queryNorm.ifPresent(norm -> norm.applyInPlace(projected, from, queryWidth / norm.width()));
        keyNorm.ifPresent(norm -> norm.applyInPlace(projected, from + queryWidth, keyWidth / norm.width()));
    }

    private void clip(float[] projected, int from) {
        float most = (float) shape.clip();
        for (int i = from; i < from + width; i++) {
            projected[i] = Math.max(-most, Math.min(most, projected[i]));
        }
    }

    private void keep(float[] projected, int from, Chunk chunk, int position) {
        for (int head = 0; head < shape.keyValueHeads(); head++) {
            int key = from + head * shape.headDim();
            chunk.cache().putKey(layer, head, position, projected, key);
            chunk.cache().putValue(layer, head, position, projected, key + keyWidth);
        }
    }
}
