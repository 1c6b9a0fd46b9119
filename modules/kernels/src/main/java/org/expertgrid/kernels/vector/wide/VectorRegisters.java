package org.expertgrid.kernels.vector.wide;

/** The vector registers of the processor. Public only because rooms are apart. */
public final class VectorRegisters {
    /** Whether there are 32, as AVX-512 and ARM have; others have 16. */
    public static final boolean MANY =
            FloatTiles.LANES == 16 || System.getProperty("os.arch").equals("aarch64");

    private VectorRegisters() {}
}
