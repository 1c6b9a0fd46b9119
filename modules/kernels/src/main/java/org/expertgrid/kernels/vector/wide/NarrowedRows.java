package org.expertgrid.kernels.vector.wide;

import java.util.concurrent.atomic.AtomicReferenceArray;
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

    private final InterleavedRows rows;
    private final TileLayout layout;
    private final AtomicReferenceArray<NarrowedRow> alone;
    private volatile Codes codes;

    /** Narrows nothing yet. */
    NarrowedRows(InterleavedRows rows, TileLayout layout) {
        this.rows = rows;
        this.layout = layout;
        alone = new AtomicReferenceArray<>(rows.rows());
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
            for (int row = 0; row < rows.rows(); row++) {
                int at = rows.index(row, 0);
                RowNarrowing.narrow(rows.floats(), at, GROUP, layout, numbers, at, scales, firstScale(row));
            }
            codes = new Codes(numbers, scales);
        }
        return codes;
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
        NarrowedRow known = alone.get(row);
        if (known == null) {
            known = NarrowedRow.of(rows.floats(), rows.index(row, 0), GROUP, layout);
            alone.set(row, known);
        }
        return known;
    }
}
