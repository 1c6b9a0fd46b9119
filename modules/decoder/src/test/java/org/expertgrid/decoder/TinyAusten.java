package org.expertgrid.decoder;

import java.nio.file.Path;

/** The model that the project ships. Maven runs the tests of a module in the folder of the module. */
public final class TinyAusten {
    /** Where it is. */
    public static final Path FOLDER = Path.of("../../models/tiny-austen");

    private TinyAusten() {}
}
