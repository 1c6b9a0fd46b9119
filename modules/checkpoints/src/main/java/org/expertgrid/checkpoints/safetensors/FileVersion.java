package org.expertgrid.checkpoints.safetensors;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.expertgrid.experts.errors.BadFileException;

/**
 * A file as it was when its header was read: a later read of the same path can tell that the file was replaced.
 *
 * @param size its length in bytes
 * @param modified when it was last written
 */
record FileVersion(Path path, long size, FileTime modified) {
    static FileVersion of(Path path, FileChannel channel) throws IOException {
        return new FileVersion(path, channel.size(), Files.getLastModifiedTime(path));
    }

    /** Throws a {@link BadFileException} unless the open file still is this version. */
    void expectUnchanged(FileChannel channel) throws IOException {
        if (!equals(of(path, channel))) {
            throw new BadFileException(
                    path + ": changed since its header was read (expected: open the checkpoint again)");
        }
    }
}
