package org.expertgrid.benchmarks.cluster;

/** The place of the calling JVM. Other data members are JVMs of their own. */
public enum Caller {
    /** The caller is a client, outside the cluster. */
    CLIENT,
    /** The caller is one of the data members and computes its own share. */
    MEMBER,
    /** All data members are in the calling JVM. They still communicate over sockets. */
    EMBEDDED
}
