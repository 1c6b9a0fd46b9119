package org.expertgrid.benchmarks.peers;

import java.util.Optional;
import org.expertgrid.cli.seed.Example;

/**
 * One way to compute the layer that a Java user could pick. Those whose libraries an ordinary build does not fetch are found by
 * {@link java.util.ServiceLoader}.
 */
public interface Peer {
    /** Returns what it is called on the command line, in tables and in JSON. */
    String name();

    /** Returns why it cannot take part here; nothing where it can. */
    Optional<String> absence();

    /** Returns whether it computes with such elements and shapes. */
    boolean computes(Example example);

    /** Returns its name and version for people, such as "NumPy 2.4.6, OpenBLAS 0.3.31". */
    String description();

    /** Returns a runner that has taken the weights in and computes on that many threads. */
    Runner prepare(Example example, int threads);
}
