package org.expertgrid.server.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A file of the page: its path, its media type, and its content, which is shared. */
public record PageFile(String path, String type, byte[] content) {
    /** The content policy for browsers: they may do only what the page needs, and nothing with another host. */
    public static final String SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:;"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** Returns a file of this package's resources. */
    public static PageFile of(String path, String type, String resource) {
        try (InputStream content = PageFile.class.getResourceAsStream(resource)) {
            return new PageFile(path, type, content.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
