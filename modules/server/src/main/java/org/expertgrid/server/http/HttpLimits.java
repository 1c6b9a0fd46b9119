package org.expertgrid.server.http;

import java.time.Duration;
import org.expertgrid.experts.errors.Problems;

/**
 * The limits on each client of a server.
 *
 * @param bodyBytes the longest body of a request
 * @param headerBytes the longest header of a request
 * @param connections how many connections there may be at the same time
 * @param bodyTime how long a body may take to come
 * @param idleTime how long a connection may be silent in both directions
 * @param requestTime how long the texts of a request may take, waiting included
 * @param pingEvery how long nothing is sent before a sign of life is
 */
public record HttpLimits(
        int bodyBytes,
        int headerBytes,
        int connections,
        Duration bodyTime,
        Duration idleTime,
        Duration requestTime,
        Duration pingEvery) {
    /** Bodies of 8 MiB, headers of 16 KiB, 1000 connections; 30 s for a body, 60 s of silence, an hour for a request, a sign of life every 5 s. */
    public static final HttpLimits DEFAULT = new HttpLimits(
            8 << 20,
            16 << 10,
            1000,
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofHours(1),
            Duration.ofSeconds(5));

    public HttpLimits {
        Problems problems = new Problems()
                .expect(bodyBytes > 0, "bodyBytes", bodyBytes, "more than 0")
                .expect(headerBytes > 0, "headerBytes", headerBytes, "more than 0")
                .expect(connections > 0, "connections", connections, "more than 0");
        expectTime(problems, "bodyTime", bodyTime);
        expectTime(problems, "idleTime", idleTime);
        expectTime(problems, "requestTime", requestTime);
        expectTime(problems, "pingEvery", pingEvery);
        problems.throwIfAny();
    }

    private static void expectTime(Problems problems, String name, Duration time) {
        problems.expect(time.toMillis() > 0, name, time, "at least a millisecond");
    }
}
