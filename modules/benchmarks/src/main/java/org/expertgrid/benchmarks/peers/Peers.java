package org.expertgrid.benchmarks.peers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.expertgrid.experts.errors.Problems;

/** The peers that are measured beside Expertgrid. */
public final class Peers {
    /** The peers that only the profile {@code peers} of the build contains. */
    private static final List<String> OF_THE_PROFILE = List.of("djl", "onnxruntime");

    private Peers() {}

    /**
     * Returns the peers of these names.
     *
     * @throws IllegalArgumentException if a peer is unknown or not available; the message says why
     */
    public static List<Peer> named(List<String> names) {
        Map<String, Peer> known = known();
        Problems problems = new Problems();
        List<Peer> peers = new ArrayList<>();
        for (String name : names) {
            Peer peer = known.get(name);
            if (peer == null) {
                boolean optional = OF_THE_PROFILE.contains(name);
                problems.expect(
                        false,
                        "--against",
                        name,
                        optional
                                ? "a build with -Ppeers, as './run.sh bench layer --against " + name + "' makes it"
                                : "one of numpy, djl, onnxruntime, ojalgo");
            } else if (peer.absence().isPresent()) {
                problems.expect(false, "--against", name, peer.absence().get());
            } else {
                peers.add(peer);
            }
        }
        problems.throwIfAny();
        return peers;
    }

    /** Returns all peers that are available, without ojAlgo, whose multiply takes ten times as long. */
    public static List<Peer> present() {
        return known().values().stream()
                .filter(peer -> !(peer instanceof KernelsPeer))
                .filter(peer -> peer.absence().isEmpty())
                .toList();
    }

    private static Map<String, Peer> known() {
        Map<String, Peer> known = new LinkedHashMap<>();
        NumPyPeer numPy = new NumPyPeer();
        known.put(numPy.name(), numPy);
        ServiceLoader.load(Peer.class).forEach(peer -> known.put(peer.name(), peer));
        KernelsPeer ojAlgo = new KernelsPeer("ojalgo");
        known.put(ojAlgo.name(), ojAlgo);
        return known;
    }
}
