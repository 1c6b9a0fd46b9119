package org.expertgrid.cli.output;

import java.util.List;
import java.util.Locale;

/** Writes numbers of bytes for people. */
public final class ByteSizes {
    private static final List<String> UNITS = List.of("B", "KB", "MB", "GB", "TB");

    private ByteSizes() {}

    /** Returns a size with a unit, in steps of 1024. */
    public static String text(long bytes) {
        double size = bytes;
        int unit = 0;
        while (size >= 1024 && unit < UNITS.size() - 1) {
            size /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", size, UNITS.get(unit));
    }
}
