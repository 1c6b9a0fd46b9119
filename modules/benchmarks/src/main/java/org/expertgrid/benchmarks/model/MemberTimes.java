package org.expertgrid.benchmarks.model;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the time of a step goes when the experts are on members, and the least time that it can take, in milliseconds.
 *
 * <p>The least time is the time to read the front's weights, to read the experts' weights, and one round trip a layer.
 * Members of one machine share its memory, so that their number does not matter.
 *
 * @param step the mean time of a step
 * @param routing in routers
 * @param sending in making tasks and giving them to Hazelcast
 * @param waiting in waiting for members
 * @param combining in decoding answers and putting them together
 * @param leastFront the time to read the front's weights at the machine's bandwidth
 * @param leastExperts the time to read the experts' weights at the machine's bandwidth
 * @param roundTrip the time in which the bytes of one layer travel to all members and back, without any work
 * @param layers how many layers a step calls
 * @param ofOneJvm tokens a second / tokens a second of the same model in one JVM
 */
record MemberTimes(
        double step,
        double routing,
        double sending,
        double waiting,
        double combining,
        double leastFront,
        double leastExperts,
        double roundTrip,
        int layers,
        double ofOneJvm) {
    /** Returns the time in the front: attention, head, and all else that is not routing or a call of members. */
    double front() {
        return step - routing - sending - waiting - combining;
    }

    /** Returns the least time of waiting: of reading the experts' weights, and of all round trips. */
    double leastWaiting() {
        return leastExperts + layers * roundTrip;
    }

    /** Returns the least time of a step. */
    double bound() {
        return leastFront + leastWaiting();
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("of_one_jvm", ofOneJvm);
        json.put("bound_ms", bound());
        json.put("of_bound", bound() / step);
        json.put("mean_step_ms", step);
        json.put("round_trip_ms", roundTrip);
        json.put("front_ms", front());
        json.put("routing_ms", routing);
        json.put("sending_ms", sending);
        json.put("waiting_ms", waiting);
        json.put("combining_ms", combining);
        json.put("least_front_ms", leastFront);
        json.put("least_experts_ms", leastExperts);
        return json;
    }
}
