package org.expertgrid.chaos.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.expertgrid.chaos.load.BrokenOffException;

/**
 * The resources that a member's JVM holds.
 *
 * @param address the address of the member
 * @param heapBytes the live heap after a full collection
 * @param threads the number of live threads
 * @param handles the number of open files and sockets, -1 if the system does not report it
 */
public record Footprint(String address, long heapBytes, int threads, long handles) {
    private static final String EXECUTOR = "expertgrid";

    /** Returns the footprint of every data member after a garbage collection. */
    public static List<Footprint> ofMembers(HazelcastInstance hazelcast) {
        List<Footprint> footprints = new ArrayList<>();
        for (Member member : hazelcast.getCluster().getMembers()) {
            long[] numbers = ask(hazelcast, member);
            footprints.add(new Footprint(
                    member.getAddress().getHost() + ":" + member.getAddress().getPort(),
                    numbers[0],
                    (int) numbers[1],
                    numbers[2]));
        }
        return footprints;
    }

    private static long[] ask(HazelcastInstance hazelcast, Member member) {
        try {
            return hazelcast
                    .getExecutorService(EXECUTOR)
                    .submitToMember(new FootprintTask(), member)
                    .get();
        } catch (ExecutionException e) {
            throw new BrokenOffException(member + " did not answer: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokenOffException("interrupted");
        }
    }

    /** Returns the numbers of this JVM in the order of the components: heap bytes, threads, handles. */
    static long[] ofThisJvm() {
        System.gc();
        long handles = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : -1;
        return new long[] {
            ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
            ManagementFactory.getThreadMXBean().getThreadCount(),
            handles
        };
    }
}
