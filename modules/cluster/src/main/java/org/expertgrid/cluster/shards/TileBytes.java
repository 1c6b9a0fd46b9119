package org.expertgrid.cluster.shards;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.expertgrid.cluster.errors.MalformedMessageException;
import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.WeightTile;

/**
 * Tiles as bytes, little-endian, as they travel and as they are stored.
 *
 * <pre>
 *   magic i32 | version u8 | format u8 | inputs i32 | outputs i32 | skipped inputs i32 | bias present u8
 *   | numbers or words | scales | bias
 * </pre>
 *
 * The layout says how long the arrays are.
 */
final class TileBytes {
    private static final int MAGIC = 0x58475457;
    private static final int VERSION = 2;
    private static final int HEAD_BYTES = 4 * Integer.BYTES + 3;

    private TileBytes() {}

    static byte[] of(WeightTile tile) {
        TileLayout layout = tile.layout();
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(HEAD_BYTES + tile.bytes()))
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(MAGIC)
                .put((byte) VERSION)
                .put((byte) layout.format().code())
                .putInt(layout.inputs())
                .putInt(layout.outputs())
                .putInt(layout.skippedInputs())
                .put((byte) (tile.hasBias() ? 1 : 0));
        put(bytes, tile.doubles());
        put(bytes, tile.floats());
        bytes.asIntBuffer().put(tile.words());
        skip(bytes, tile.words().length, Integer.BYTES);
        put(bytes, tile.scales());
        put(bytes, tile.doubleBias());
        put(bytes, tile.floatBias());
        return bytes.array();
    }

    /**
     * Returns the tile of these bytes.
     *
     * @throws MalformedMessageException if they are no tile of this version; names the version
     */
    static WeightTile tile(byte[] block) {
        ByteBuffer bytes = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
        checkHead(bytes);
        try {
            WeightFormat format = WeightFormat.ofCode(bytes.get());
            TileLayout layout = new TileLayout(format, bytes.getInt(), bytes.getInt(), bytes.getInt());
            boolean hasBias = bytes.get() != 0;
            if (bytes.remaining() != layout.bytes(hasBias)) {
                throw new MalformedMessageException("tile: " + bytes.remaining() + " bytes (expected: "
                        + layout.bytes(hasBias) + ", for " + layout + ")");
            }
            return tile(bytes, layout, hasBias ? layout.paddedOutputs() : 0);
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException("tile: " + e.getMessage());
        }
    }

    private static void checkHead(ByteBuffer bytes) {
        // Tiles of version 1 begin with the number of an element type, 0 or 1.
        boolean known = bytes.remaining() >= HEAD_BYTES && bytes.getInt() == MAGIC;
        int version = known ? bytes.get() : 1;
        if (version != VERSION) {
            throw new MalformedMessageException("tile version: " + version + " (expected: " + VERSION
                    + "; the model was deployed by another version of Expertgrid: deploy it again)");
        }
    }

    private static WeightTile tile(ByteBuffer bytes, TileLayout layout, int bias) {
        return switch (layout.format()) {
            case FLOAT64 -> WeightTile.ofDoubles(layout, doubles(bytes, layout.length()), doubles(bytes, bias));
            case FLOAT32 -> WeightTile.ofFloats(layout, floats(bytes, layout.length()), floats(bytes, bias));
            default -> {
                int[] words = new int[layout.length()];
                bytes.asIntBuffer().get(words);
                skip(bytes, words.length, Integer.BYTES);
                yield WeightTile.ofWords(layout, words, floats(bytes, layout.scales()), floats(bytes, bias));
            }
        };
    }

    private static void put(ByteBuffer bytes, double[] numbers) {
        bytes.asDoubleBuffer().put(numbers);
        skip(bytes, numbers.length, Double.BYTES);
    }

    private static void put(ByteBuffer bytes, float[] numbers) {
        bytes.asFloatBuffer().put(numbers);
        skip(bytes, numbers.length, Float.BYTES);
    }

    private static double[] doubles(ByteBuffer bytes, int count) {
        double[] numbers = new double[count];
        bytes.asDoubleBuffer().get(numbers);
        skip(bytes, count, Double.BYTES);
        return numbers;
    }

    private static float[] floats(ByteBuffer bytes, int count) {
        float[] numbers = new float[count];
        bytes.asFloatBuffer().get(numbers);
        skip(bytes, count, Float.BYTES);
        return numbers;
    }

    private static void skip(ByteBuffer bytes, int count, int bytesEach) {
        bytes.position(bytes.position() + count * bytesEach);
    }
}
