package org.expertgrid.kernels.vector.wide;

/**
 * Pairs of vectors in panels that lie one after the other: what a tile multiplies its rows with. A pair has twice as many
 * columns as a vector holds numbers, and all pairs together have the columns of the panels in their order.
 *
 * <pre>
 *   vectors of 512 bits   panel 0 [ left  ]        panel 1 [ right ]        a pair takes two panels
 *   vectors of 256 bits   panel 0 [ left | right ]                          a panel is a pair
 *   vectors of 128 bits   panel 0 [ left | right | left | right ]           a panel is two pairs
 * </pre>
 *
 * Where the last pair has one panel only, its left vector is taken for the right one, too, and the result of that is not used. Public only because rooms are apart.
 *
 * @param first where the first panel begins
 * @param panels how many panels there are
 * @param panelStride how far behind a panel the next begins
 * @param panelWidth how many columns a panel has
 * @param lanes how many numbers a vector holds
 */
public record Pairs(int first, int panels, int panelStride, int panelWidth, int lanes) {
    /** Returns how many pairs there are. */
    public int count() {
        return (panels * panelWidth + 2 * lanes - 1) / (2 * lanes);
    }

    /** Returns how many pairs have both vectors. */
    public int whole() {
        return panels * panelWidth / (2 * lanes);
    }

    /** Returns where the left vector of a pair begins. */
    public int start(int pair) {
        int column = 2 * lanes * pair;
        return first + column / panelWidth * panelStride + column % panelWidth;
    }

    /** Returns how far behind the left vector of a pair that is whole the right one begins. */
    public int right() {
        return lanes == panelWidth ? panelStride : lanes;
    }

    /** Returns how far behind the left vector of any pair the right one begins. */
    public int right(int pair) {
        return pair < whole() ? right() : 0;
    }
}
