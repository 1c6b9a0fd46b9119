package org.expertgrid.cluster.workarounds;

import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.SerializationConfig;

/**
 * The filter of Hazelcast's Compact format, which makes objects of any class that a message names. The filter is public and came with
 * Hazelcast 5.7; an older one is used without it, after a warning.
 */
public final class CompactFilter {
    private static final System.Logger LOGGER = System.getLogger(CompactFilter.class.getName());

    private CompactFilter() {}

    /** Lets the Compact format make objects of the classes that pass the filter alone. */
    public static void set(SerializationConfig serialization, JavaSerializationFilterConfig filter) {
        try {
            serialization.getCompactSerializationConfig().setZeroConfigFilter(filter);
        } catch (NoSuchMethodError e) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "filter of the Compact format: not on this version of Hazelcast (expected: 5.7 or later); a peer that"
                            + " can connect can have objects of any class made, so let only trusted peers connect");
        }
    }
}
