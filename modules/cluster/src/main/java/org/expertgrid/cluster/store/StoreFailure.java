package org.expertgrid.cluster.store;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.spi.exception.SilentException;
import java.util.Objects;

/**
 * Why a store did not do what a map asked of it, in an exception that reaches callers wherever they are: Hazelcast's own, since
 * ours are not deserialised.
 *
 * <p>It is the cause of that one, and by its type keeps Hazelcast from writing to the log whatever is asked in vain: the store has
 * written there what had to be, once.
 */
public final class StoreFailure extends RuntimeException implements SilentException {
    private static final long serialVersionUID = 1L;
    /** The only part of this exception that is sent to other members. */
    private static final String TOLD = "refused by the store of a member, whose log says why";

    private StoreFailure() {
        super(TOLD, null, false, false);
    }

    static HazelcastException of(String message) {
        return new HazelcastException(message, new StoreFailure());
    }

    /** Returns whether a store threw this exception, here or on another member. */
    public static boolean isBehind(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return cause != null && Objects.toString(cause.getMessage(), "").contains(TOLD);
    }

    private Object writeReplace() {
        return new RuntimeException(getMessage());
    }
}
