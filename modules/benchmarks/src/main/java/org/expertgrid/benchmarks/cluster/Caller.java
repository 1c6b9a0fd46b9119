package org.expertgrid.benchmarks.cluster;

/** Where the JVM that calls stands. Data members are JVMs of their own but for what is said here. */
public enum Caller {
    /** Outside the cluster. */
    CLIENT,
    /** One of the data members, which computes its own share. */
    MEMBER,
    /** All data members at once: they share the JVM, and still talk over sockets. */
    EMBEDDED
}
