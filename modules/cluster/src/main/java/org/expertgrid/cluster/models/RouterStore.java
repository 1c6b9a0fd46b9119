package org.expertgrid.cluster.models;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.expertgrid.cluster.store.FileStore;
import org.expertgrid.experts.routing.RouterWeights;

/**
 * Keeps routers in files, as {@link RouterWeightsSerializer} writes them; named in the configuration of every member that has a store
 * ({@link org.expertgrid.cluster.ExpertgridConfig#storeIn}). A router is read when it is asked for.
 *
 * <p>Safe for use by many threads.
 */
public final class RouterStore extends FileStore<String, RouterWeights> {
    private static final System.Logger LOGGER = System.getLogger(RouterStore.class.getName());

    /** The name of the folder in the directory of a store; what is in it is named by models' ids. */
    static final String FOLDER = "routers";

    private final RouterWeightsSerializer serializer = new RouterWeightsSerializer();

    /** For Hazelcast. */
    public RouterStore() {
        super(FOLDER, "put back a copy of it, or undeploy the model and deploy it again");
    }

    @Override
    public Path file(String key) {
        return folder().resolve(key + ".router");
    }

    @Override
    public byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    protected byte[][] parts(RouterWeights router) {
        return new byte[][] {serializer.write(router)};
    }

    @Override
    protected RouterWeights value(byte[] bytes) {
        return serializer.read(bytes);
    }

    /** Returns null: nothing is loaded before it is asked for. */
    @Override
    public Iterable<String> loadAllKeys() {
        return null;
    }

    /** Deletes a router. A file that cannot be deleted is only logged, because no model refers to it any more. */
    @Override
    public void delete(String key) {
        try {
            Files.deleteIfExists(file(key));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, file(key) + ": cannot be deleted: " + e + "; delete it by hand");
        }
    }
}
