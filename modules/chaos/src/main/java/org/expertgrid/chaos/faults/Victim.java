package org.expertgrid.chaos.faults;

/** The member that a fault hits. */
public enum Victim {
    /** The longest-running member, which keeps Hazelcast's list of members. */
    OLDEST,
    /** The next member in turn. The turn also reaches the member that sends the client its view of the cluster. */
    IN_TURN
}
