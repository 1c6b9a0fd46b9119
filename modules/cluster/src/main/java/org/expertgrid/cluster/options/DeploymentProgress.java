package org.expertgrid.cluster.options;

/** Is told how far a deployment has come. */
@FunctionalInterface
public interface DeploymentProgress {
    /** Called by the deploying thread whenever another expert's weights have been written and packed. */
    void deployed(int experts, int ofExperts);
}
