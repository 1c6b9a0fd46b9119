package org.expertgrid.cluster.options;

/** Is told how far a deployment, or a move of a model's ranks, has come. */
@FunctionalInterface
public interface DeploymentProgress {
    /** Called by the deploying thread whenever the weights of another large expert, or of some small ones, are in the grid. */
    void deployed(Part part);

    /**
     * How much is done.
     *
     * @param experts how many experts of all layers are in the grid
     * @param ofExperts how many there are
     * @param bytes the bytes of their weights as they are stored, backups not counted
     * @param ofBytes how many there are
     */
    record Part(int experts, int ofExperts, long bytes, long ofBytes) {}
}
