package org.expertgrid.cli.local;

import java.util.List;
import java.util.Optional;
import org.expertgrid.cluster.Connection;
import org.expertgrid.cluster.ExpertgridConfig;
import org.expertgrid.cluster.errors.RefusedException;
import org.expertgrid.cluster.local.LocalCluster;
import org.expertgrid.experts.errors.Problems;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that name a cluster which runs already: the local one that stays, or one that somebody else started. */
public final class RunningCluster {
    private static final String CURRENT = "current";

    @Option(
            names = {"--cluster", "--cluster-name"},
            arity = "0..1",
            paramLabel = "NAME",
            fallbackValue = CURRENT,
            description = "A running cluster: 'current', or no name, is the one that 'cluster start' left.")
    private String name;

    @Option(
            names = "--address",
            split = ",",
            paramLabel = "HOST:PORT",
            description = "Members of a cluster that somebody else started, whose name --cluster has ('"
                    + ExpertgridConfig.CLUSTER_NAME + "' without).")
    private List<String> addresses;

    @Mixin
    private FolderOption folder;

    /** Returns whether one of the options was given. */
    public boolean isAskedFor() {
        return name != null || isElsewhere();
    }

    /** Returns where the local cluster that stays is written down; nothing where a cluster of somebody else was asked for. */
    public Optional<ClusterFolder> folder() {
        return isElsewhere() ? Optional.empty() : Optional.of(folder.folder());
    }

    /**
     * Connects to the cluster.
     *
     * @throws RefusedException if it does not run
     */
    public Connection connect() {
        if (isElsewhere()) {
            return Connection.to(isCurrent() ? ExpertgridConfig.CLUSTER_NAME : name, addresses);
        }
        LocalCluster local = folder.folder()
                .runningCluster()
                .orElseThrow(() -> new RefusedException(
                        "no cluster is running, says " + folder.folder().path()
                                + " (expected: one that 'cluster start' left, or the --address of another)"));
        new Problems()
                .expect(
                        isCurrent() || name.equals(local.name()),
                        "--cluster",
                        name,
                        "'" + CURRENT + "', which is " + local.name() + ", or the --address of another")
                .throwIfAny();
        return local.connection();
    }

    private boolean isElsewhere() {
        return addresses != null;
    }

    private boolean isCurrent() {
        return name == null || name.equals(CURRENT);
    }
}
