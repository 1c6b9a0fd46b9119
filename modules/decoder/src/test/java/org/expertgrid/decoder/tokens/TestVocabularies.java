package org.expertgrid.decoder.tokens;

import java.io.IOException;
import java.nio.file.Path;

/** Vocabularies for the tests of other packages. */
public final class TestVocabularies {
    private TestVocabularies() {}

    /** Opens the tokenizer of tiny-austen, whose files are put into this folder. */
    public static Tokenizer tinyAusten(Path folder) throws IOException {
        return Tokenizer.open(Checkpoints.tinyAusten(folder));
    }
}
