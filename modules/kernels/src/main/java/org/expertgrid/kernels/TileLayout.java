package org.expertgrid.kernels;

/**
 * Where the numbers of a {@link WeightTile} lie in its arrays. This is the one packed layout, the same for all kernels,
 * processors and JDKs.
 *
 * <pre>
 *   panel 0: k = 0 [c0 c1 .. cw-1]  k = 1 [c0 c1 .. cw-1] ..   panel 1: k = 0 [cw .. c2w-1] ..
 * </pre>
 *
 * A panel is as wide as a vector of 64 bytes of the type that is computed in: {@code w} is 8 for float64 and 16 for
 * float32. The last panel is filled up with zeros.
 *
 * <p>FLOAT64 and FLOAT32 hold one number a place. Narrower formats hold a word of 32 bits a place: 2, 4 or 8 codes of one
 * column, the code of the lowest k in the highest bits.
 *
 * <p>Inputs that share a scale are a group. A slice may begin inside of a group; its first group is shorter then. Each group
 * begins with a new word; bits without a code are zeros. A panel has one scale for each group and column, in the same
 * order as the words.
 *
 * @param format what the weights are stored as
 * @param inputs the number of inputs, k
 * @param outputs the number of columns, without those that fill up the last panel
 * @param skippedInputs how many inputs of the first group lie before the first input of this slice
 */
public record TileLayout(WeightFormat format, int inputs, int outputs, int skippedInputs) {
    /** A panel has so many bytes for each input, of the type that is computed in. */
    public static final int PANEL_BYTES = 64;

    /** Kernels take up to so many panels side by side, which must be of one tile. */
    private static final int PANELS_SIDE_BY_SIDE = 8;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is negative, if no array can hold so many, or if a whole group is skipped
     */
    public TileLayout {
        Shapes.notNegative("inputs", inputs);
        Shapes.notNegative("outputs", outputs);
        if (skippedInputs < 0 || skippedInputs >= format.scaledInputs()) {
            throw new IllegalArgumentException(
                    "skippedInputs: " + skippedInputs + " (expected: at least 0 and less than " + format.scaledInputs()
                            + ", the inputs of a group of " + format + ")");
        }
        Shapes.elements(inputs, Math.addExact(outputs, panelWidth(format.computedIn())));
    }

    /** Returns the layout of a slice of a weight that begins at its input {@code firstInput}. */
    public static TileLayout of(WeightFormat format, int inputs, int outputs, int firstInput) {
        return new TileLayout(format, inputs, outputs, firstInput % format.scaledInputs());
    }

    /** Returns how many columns a panel has that is computed in that type. */
    public static int panelWidth(ElementType type) {
        return PANEL_BYTES / type.bytes();
    }

    /** Returns how many columns each panel has. */
    public int panelWidth() {
        return panelWidth(format.computedIn());
    }

    /** Returns how many panels there are. */
    public int panels() {
        return (outputs + panelWidth() - 1) / panelWidth();
    }

    /** Returns the number of columns with those that fill up the last panel. */
    public int paddedOutputs() {
        return panels() * panelWidth();
    }

    /** Returns how many codes one place of the array holds. */
    public int codesOfWord() {
        return Math.max(1, Integer.SIZE / format.bits());
    }

    /** Returns how many groups the inputs are in; inputs without scales are one group. */
    public int groups() {
        return inputs == 0 ? 0 : group(inputs - 1) + 1;
    }

    /** Returns the group of an input. */
    public int group(int input) {
        return format.scaled() ? (skippedInputs + input) / format.scaledInputs() : 0;
    }

    /** Returns the first input of a group. */
    public int firstInput(int group) {
        return group == 0 ? 0 : group * format.scaledInputs() - skippedInputs;
    }

    /** Returns the input behind the last one of a group. */
    public int endOfGroup(int group) {
        return format.scaled() ? Math.min(inputs, (group + 1) * format.scaledInputs() - skippedInputs) : inputs;
    }

    /** Returns which row of words of a panel holds the code of an input. */
    public int wordRow(int input) {
        int group = group(input);
        int before = 0;
        if (group > 0) {
            before = words(endOfGroup(0)) + (group - 1) * words(format.scaledInputs());
        }
        return before + (input - firstInput(group)) / codesOfWord();
    }

    /** Returns how many codes of its word are before that of an input. */
    public int placeInWord(int input) {
        return (input - firstInput(group(input))) % codesOfWord();
    }

    /** Returns how far in its word the code of an input is shifted to the left, in bits. */
    public int shift(int input) {
        return Integer.SIZE - (placeInWord(input) + 1) * format.bits();
    }

    /** Returns how many rows of words a panel has. */
    public int wordRows() {
        return inputs == 0 ? 0 : wordRow(inputs - 1) + 1;
    }

    /** Returns how many panels a tile has that takes at most so many bytes; at least 1. */
    int panelsOfTile(int tileBytes) {
        long panelBytes = Math.max(1L, (long) wordRows() * panelWidth() * bytesOfPlace());
        int panels = (int) Math.max(1, Math.min(panels(), tileBytes / panelBytes));
        boolean divided = panels > PANELS_SIDE_BY_SIDE && panels < panels();
        return divided ? panels - panels % PANELS_SIDE_BY_SIDE : panels;
    }

    /** Returns into how many tiles {@link PackedWeights#pack} divides a weight of this layout. */
    public int tiles(int tileBytes) {
        int ofTile = panelsOfTile(tileBytes);
        return Math.max(1, (panels() + ofTile - 1) / ofTile);
    }

    /** Returns the bytes of all numbers, scales and, where there is one, of the bias. */
    public long bytes(boolean hasBias) {
        long places = (long) panels() * wordRows() * panelWidth() + (hasBias ? paddedOutputs() : 0);
        return places * bytesOfPlace() + (long) Float.BYTES * scales();
    }

    private int bytesOfPlace() {
        return format == WeightFormat.FLOAT64 ? Double.BYTES : Float.BYTES;
    }

    /** Returns where a panel begins in the array. */
    public int start(int panel) {
        return panel * wordRows() * panelWidth();
    }

    /** Returns where the scales of a panel begin. */
    public int startOfScales(int panel) {
        return panel * groups() * panelWidth();
    }

    /** Returns how long the array of the numbers or words is. */
    public int length() {
        return start(panels());
    }

    /** Returns how many scales there are. */
    public int scales() {
        return format.scaled() ? startOfScales(panels()) : 0;
    }

    private int words(int codes) {
        return (codes + codesOfWord() - 1) / codesOfWord();
    }
}
