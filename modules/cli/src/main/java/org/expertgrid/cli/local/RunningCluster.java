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

/** The options that name a running cluster: the one that 'cluster start' left, or another one by its address. */
public final class RunningCluster {
    private static final String CURRENT = "current";

    @Option(
            names = {"--cluster", "--cluster-name"},
            arity = "0..1",
            paramLabel = "NAME",
            fallbackValue = CURRENT,
            description = "Name of a running cluster; 'current', or no name, for the one that 'cluster start' left.")
    private String name;

    @Option(
            names = "--address",
            split = ",",
            paramLabel = "HOST:PORT",
            description = "Members of a cluster that 'cluster start' did not start. --cluster gives its name ('"
                    + ExpertgridConfig.CLUSTER_NAME + "' if not given).")
    private List<String> addresses;

    @Mixin
    private FolderOption folder;

    /** Returns whether one of the options was given. */
    public boolean isAskedFor() {
        return name != null || isElsewhere();
    }

    /** Returns the folder of the local cluster, empty if --address names another cluster. */
    public Optional<ClusterFolder> folder() {
        return isElsewhere() ? Optional.empty() : Optional.of(folder.folder());
    }

    /**
     * Connects to the cluster.
     *
     * @throws RefusedException if it is not running
     */
    public Connection connect() {
        if (isElsewhere()) {
            return Connection.to(isCurrent() ? ExpertgridConfig.CLUSTER_NAME : name, addresses);
        }
        LocalCluster local = folder.folder().runningCluster().orElseThrow(folder.folder()::noneRuns);
        new Problems()
                .expect(
                        isCurrent() || name.equals(local.name()),
                        "--cluster",
                        name,
                        "'" + CURRENT + "', which is " + local.name() + ", or --address for another cluster")
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
