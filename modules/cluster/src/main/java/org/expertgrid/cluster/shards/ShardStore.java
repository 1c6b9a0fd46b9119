package org.expertgrid.cluster.shards;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.expertgrid.cluster.layout.ShardKey;
import org.expertgrid.cluster.store.EntryFile;
import org.expertgrid.cluster.store.FileStore;
import org.expertgrid.kernels.WeightTile;

/**
 * Keeps shards in files, a folder for each deployment; named in the configuration of every member that has a store
 * ({@link org.expertgrid.cluster.ExpertgridConfig#storeIn}). Shards are read one by one when they are asked for, never all of them.
 *
 * <p>Safe for use by many threads.
 */
public final class ShardStore extends FileStore<ShardKey, WeightTile> {
    private static final Logger LOGGER = System.getLogger(ShardStore.class.getName());
    /** The name of the folder in the directory of a store; what is in it is named by deployments. */
    public static final String FOLDER = "shards";

    private static final int KEY_BYTES = 2 * Long.BYTES + 6 * Integer.BYTES;

    /** For Hazelcast. */
    public ShardStore() {
        super(FOLDER, "put back a copy of it, or undeploy the model and deploy it again");
    }

    @Override
    public Path file(ShardKey key) {
        return folder().resolve(key.deployment().toString())
                .resolve(String.format(
                        Locale.ROOT,
                        "layer-%d.expert-%d.%s.rank-%d.tile-%d.shard",
                        key.layer(),
                        key.expert(),
                        key.matrix().label(),
                        key.rank(),
                        key.tile()));
    }

    @Override
    public byte[] bytes(ShardKey key) {
        return ByteBuffer.allocate(KEY_BYTES)
                .putLong(key.deployment().getMostSignificantBits())
                .putLong(key.deployment().getLeastSignificantBits())
                .putInt(key.layer())
                .putInt(key.expert())
                .putInt(key.matrix().code())
                .putInt(key.rank())
                .putInt(key.tile())
                .putInt(key.partitionKey())
                .array();
    }

    @Override
    protected byte[][] parts(WeightTile tile) {
        return new byte[][] {TileBytes.of(tile)};
    }

    @Override
    protected WeightTile value(byte[] bytes) {
        return TileBytes.tile(bytes);
    }

    /** Returns null, for none: what is loaded at the start would be all the weights there are. */
    @Override
    public Iterable<ShardKey> loadAllKeys() {
        return null;
    }

    /**
     * Deletes a shard, and with the last one its deployment's folder. A file that stays is only told: a shard goes when its model
     * has gone, so it is not asked for again, and refusing would keep it in memory for ever.
     */
    @Override
    public void delete(ShardKey key) {
        Path file = file(key);
        try {
            checkFolder();
            Files.deleteIfExists(file);
            deleteIfDone(file.getParent());
        } catch (IOException e) {
            tell(file.getParent(), file + ": cannot be deleted: " + e + "; delete its folder by hand");
        }
    }

    /** Deletes a folder in which nothing is but what a crash may have left. */
    private static void deleteIfDone(Path folder) throws IOException {
        try {
            List<Path> leftOvers = new ArrayList<>();
            try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
                for (Path path : paths) {
                    if (!EntryFile.isUnfinished(path)) {
                        return;
                    }
                    leftOvers.add(path);
                }
            }
            for (Path path : leftOvers) {
                Files.deleteIfExists(path);
            }
            deleteIfEmpty(folder);
        } catch (NoSuchFileException e) {
            LOGGER.log(Level.DEBUG, "another member was faster", e);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }
}
