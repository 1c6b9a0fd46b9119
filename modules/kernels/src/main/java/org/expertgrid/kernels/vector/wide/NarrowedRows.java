package org.expertgrid.kernels.vector.wide;

import java.util.concurrent.atomic.AtomicReferenceArray;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.packed.RowNarrowing;

/**
 * The rows of an {@link InterleavedRows}, narrowed to 8 bits for products with W8A8 or W4A8 ({@link RowNarrowing}). Each form is made when it is
 * asked for first, and kept.
 *
 * <pre>
 *   codes()   all rows, as float32, four rows interleaved: for loops that multiply many rows in float32
 *   row(i)    one row, two codes in an int: for loops that multiply one row in shorts
 * </pre>
 *
 * <p>Safe for use by many threads; two of them may make the same row at the same time. Public only because rooms are apart.
 */
public final class NarrowedRows {
    private static final int GROUP = InterleavedRows.GROUP;
    private static final VectorSpecies<Float> FLOATS = FloatTiles.SPECIES;
    private static final int LANES = FloatTiles.LANES;

    private final InterleavedRows rows;
    private final TileLayout layout;
    private final AtomicReferenceArray<NarrowedRow> singleRows;
    private volatile Codes codes;

    /** Narrows nothing yet. */
    NarrowedRows(InterleavedRows rows, TileLayout layout) {
        this.rows = rows;
        this.layout = layout;
        singleRows = new AtomicReferenceArray<>(rows.rows());
    }

    /** Returns whether weights of that layout are multiplied with the same codes, in the same places. */
    boolean isFor(TileLayout other) {
        return layout.format() == other.format()
                && layout.skippedInputs() == other.skippedInputs()
                && layout.inputs() == other.inputs();
    }

    /**
     * All rows.
     *
     * @param numbers the codes as float32, where {@link InterleavedRows#index} says
     * @param scales {@code [four rows][group of inputs][row]}
     */
    public record Codes(float[] numbers, float[] scales) {}

    /** Returns all rows. */
    public Codes codes() {
        Codes known = codes;
        return known == null ? narrowAll() : known;
    }

    private synchronized Codes narrowAll() {
        if (codes == null) {
            int groups = (rows.rows() + GROUP - 1) / GROUP;
            float[] numbers = new float[groups * GROUP * layout.inputs()];
            float[] scales = new float[groups * GROUP * layout.groups()];
            for (int row = 0; row < rows.rows(); row += GROUP) {
                for (int group = 0; group < layout.groups(); group++) {
                    narrowFourRows(row, group, numbers, scales);
                }
            }
            codes = new Codes(numbers, scales);
        }
        return codes;
    }

    /** Narrows a group of inputs of four rows, as {@link RowNarrowing#narrowGroup} narrows that of one. */
    private void narrowFourRows(int row, int group, float[] numbers, float[] scales) {
        int first = layout.firstInput(group);
        int count = layout.endOfGroup(group) - first;
        int at = rows.index(row, first);
        int scale = firstScale(row) + group * GROUP;
        if (count * GROUP % LANES == 0) {
            narrowInVectors(rows.floats(), at, count * GROUP, numbers, scales, scale);
        } else {
            for (int i = 0; i < GROUP; i++) {
                scales[scale + i] = RowNarrowing.narrowGroup(rows.floats(), at + i, GROUP, count, numbers, at + i);
            }
        }
    }

    /** A lane always holds numbers of the same row, because a vector holds all four rows of one or more inputs. */
    private static void narrowInVectors(float[] x, int at, int count, float[] numbers, float[] scales, int scale) {
        FloatVector largest = FloatVector.zero(FLOATS);
        for (int i = 0; i < count; i += LANES) {
            largest = largest.max(FloatVector.fromArray(FLOATS, x, at + i).abs());
        }
        float[] lanes = new float[LANES];
        largest.intoArray(lanes, 0);
        for (int row = 0; row < GROUP; row++) {
            float ofRow = 0.0f;
            for (int lane = row; lane < LANES; lane += GROUP) {
                ofRow = Math.max(ofRow, lanes[lane]);
            }
            scales[scale + row] = RowNarrowing.scale(ofRow);
            for (int lane = row; lane < LANES; lane += GROUP) {
                lanes[lane] = RowNarrowing.codesPerUnit(ofRow);
            }
        }
        FloatVector codesPerUnit = FloatVector.fromArray(FLOATS, lanes, 0);
        for (int i = 0; i < count; i += LANES) {
            FloatVector.fromArray(FLOATS, x, at + i)
                    .mul(codesPerUnit)
                    .add(RowNarrowing.ROUNDING)
                    .sub(RowNarrowing.ROUNDING)
                    .intoArray(numbers, at + i);
        }
    }

    /** Returns where the scale of a row's first group of inputs is; that of the next group is four places behind it. */
    public int firstScale(int row) {
        return (row - row % GROUP) * layout.groups() + row % GROUP;
    }

    /**
     * Returns one row.
     *
     * <p>Only for layouts whose groups of inputs fill all of their words.
     */
    public NarrowedRow row(int row) {
        NarrowedRow known = singleRows.get(row);
        if (known == null) {
            known = NarrowedRow.of(rows.floats(), rows.index(row, 0), GROUP, layout);
            singleRows.set(row, known);
        }
        return known;
    }
}
