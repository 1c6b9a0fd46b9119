package org.expertgrid.decoder.rotary;

/**
 * Cosine and sine of the angle of each row and pair, computed once for all layers that share a {@link Rotary}.
 *
 * <p>Rows are set by one thread; after that many threads may rotate.
 */
public final class RotaryAngles {
    private final Rotary rotary;
    private final int pairs;
    private final float[] cosines;
    private final float[] sines;

    /** Makes angles for so many rows, all of them still to be set. */
    public RotaryAngles(Rotary rotary, int rows) {
        this.rotary = rotary;
        this.pairs = rotary.usual().pairs();
        this.cosines = new float[rows * pairs];
        this.sines = new float[rows * pairs];
    }

    /** Sets a row to a position of a sequence that has at most {@code mostPositions} of them. */
    public void set(int row, int position, int mostPositions) {
        RotaryFrequencies frequencies = rotary.forPositions(mostPositions);
        for (int i = 0; i < pairs; i++) {
            double angle = position * frequencies.inverse(i);
            cosines[row * pairs + i] = (float) (Math.cos(angle) * frequencies.magnitude());
            sines[row * pairs + i] = (float) (Math.sin(angle) * frequencies.magnitude());
        }
    }

    /** Rotates the leading elements of the head that begins at {@code from}, by the angles of that row. */
    public void rotate(float[] elements, int from, int row) {
        int step = rotary.interleaved() ? 2 : 1;
        int distance = rotary.interleaved() ? 1 : pairs;
        for (int i = 0; i < pairs; i++) {
            int first = from + i * step;
            int second = first + distance;
            float cosine = cosines[row * pairs + i];
            float sine = sines[row * pairs + i];
            float x = elements[first];
            float y = elements[second];
            elements[first] = x * cosine - y * sine;
            elements[second] = y * cosine + x * sine;
        }
    }
}
