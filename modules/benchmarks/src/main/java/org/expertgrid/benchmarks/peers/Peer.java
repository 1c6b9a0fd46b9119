package org.expertgrid.benchmarks.peers;

import java.util.Optional;
import org.expertgrid.cli.seed.Example;

/**
 * Another way to compute the layer that a Java user could choose. Peers whose libraries an ordinary build does not fetch are found
 * by {@link java.util.ServiceLoader}.
 */
public interface Peer {
    /** Returns its name on the command line, in tables and in JSON. */
    String name();

    /** Returns why it is not available here; empty if it is. */
    Optional<String> absence();

    /** Returns whether it computes with such elements and shapes. */
    boolean computes(Example example);

    /** Returns its name and version as text, such as "NumPy 2.4.6, OpenBLAS 0.3.31". */
    String description();

    /** Returns a runner that holds the weights and computes on that many threads. */
    Runner prepare(Example example, int threads);
}
