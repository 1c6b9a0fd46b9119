package org.expertgrid.cluster.worker;

import java.util.LinkedHashMap;
import java.util.Map;

/** The requests that callers have given up lately, as many as may still be waiting for their turn. Safe for use by many threads. */
final class CancelledRequests {
    private static final int REMEMBERED = 4096;

    private final Map<Long, Boolean> requestIds = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };

    synchronized void add(long requestId) {
        requestIds.put(requestId, true);
    }

    synchronized boolean contains(long requestId) {
        return requestIds.containsKey(requestId);
    }
}
