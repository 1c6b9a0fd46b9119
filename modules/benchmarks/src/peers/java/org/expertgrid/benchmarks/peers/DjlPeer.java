package org.expertgrid.benchmarks.peers;

import ai.djl.engine.Engine;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.expertgrid.cli.seed.Example;

/** PyTorch through DJL, all rows of an expert in one product. */
public final class DjlPeer implements Peer {
    static final String NAME = "djl";

    /** Held here, for the JDK forgets the level of a logger that nobody refers to. */
    private static final Logger LOGGER = Logger.getLogger("ai.djl");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<String> absence() {
        // It warns of every graphics card that is not there.
        LOGGER.setLevel(Level.SEVERE);
        // Everything it needs is on the class path; it is not to look elsewhere, nor to report that it was here.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        try {
            Engine.getEngine("PyTorch");
            return Optional.empty();
        } catch (Exception | LinkageError e) {
            return Optional.of(e.toString());
        }
    }

    @Override
    public boolean computes(Example example) {
        return true;
    }

    @Override
    public String description() {
        return "PyTorch " + Engine.getEngine("PyTorch").getVersion() + " through DJL " + Engine.getDjlVersion();
    }

    @Override
    public Runner prepare(Example example, int threads) {
        return new DjlRunner(example, threads);
    }
}
