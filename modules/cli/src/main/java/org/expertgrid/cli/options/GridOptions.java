package org.expertgrid.cli.options;

import java.util.Optional;
import org.expertgrid.experts.errors.Problems;
import picocli.CommandLine.Option;

/** The options that say where the experts of a whole model are computed. */
public final class GridOptions {
    private static final int EMBEDDED_MEMBERS = 2;

    @Option(
            names = "--embedded",
            description =
                    "The experts in a cluster of members in this JVM, which talk over sockets. This is the default.")
    private boolean embedded;

    @Option(names = "--members", paramLabel = "N", description = "The experts in a cluster of N JVMs on this machine.")
    private Integer members;

    @Option(names = "--local", description = "The experts in this JVM, without a cluster.")
    private boolean local;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description =
                    "The name that the checkpoint was deployed under, with --cluster. Without it, the name is that of"
                            + " the checkpoint's folder, and the checkpoint is deployed there first if it is not yet.")
    private String model;

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            defaultValue = "512m",
            description = "Heap of each member JVM that is started (${DEFAULT-VALUE}).")
    private String heap;

    @Option(
            names = "--ranks",
            paramLabel = "N",
            defaultValue = "4",
            description = "Parts that every weight is divided into (${DEFAULT-VALUE}).")
    private int ranks;

    @Option(
            names = "--groups",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Groups of sequences that go through the layers side by side (${DEFAULT-VALUE}). With 2, attention"
                            + " is computed for one group while the experts of other machines compute for the other.")
    private int groups;

    /**
     * Throws the problems of these options.
     *
     * @param onRunningCluster whether a running cluster was named
     */
    public void check(boolean onRunningCluster) {
        int places = (embedded ? 1 : 0) + (members != null ? 1 : 0) + (local ? 1 : 0) + (onRunningCluster ? 1 : 0);
        new Problems()
                .expect(places <= 1, "places", places, "one of --embedded, --members, --local and --cluster")
                .expect(members == null || members >= 1, "--members", members, "at least 1")
                .expect(ranks >= 1, "--ranks", ranks, "at least 1")
                .expect(groups == 1 || groups == 2, "--groups", groups, "1 or 2")
                .expect(model == null || onRunningCluster, "--model", model, "--cluster with it")
                .throwIfAny();
    }

    /** Returns whether experts are computed in this JVM, without a cluster. */
    public boolean isLocal() {
        return local;
    }

    /** Returns whether members are JVMs of their own. */
    public boolean isProcesses() {
        return members != null;
    }

    /** Returns the number of members of the cluster that is started. */
    public int members() {
        return members == null ? EMBEDDED_MEMBERS : members;
    }

    /** Returns the heap of a member JVM, as {@code -Xmx} has it. */
    public String heap() {
        return heap;
    }

    /** Returns the number of parts of every weight. */
    public int ranks() {
        return ranks;
    }

    /** Returns in how many groups sequences go through the layers. */
    public int groups() {
        return groups;
    }

    /** Returns the name of the deployed checkpoint, if it was given. */
    public Optional<String> model() {
        return Optional.ofNullable(model);
    }
}
