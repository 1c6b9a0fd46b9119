package org.expertgrid.cluster.wire;

import org.expertgrid.cluster.errors.MalformedMessageException;

/** The version that every task and every reply begins with. */
final class Protocol {
    static final byte VERSION = 5;

    private Protocol() {}

    /** Reads the version of a message and refuses any other one. */
    static void check(MessageBuffer message) {
        int version = message.getByte();
        if (version != VERSION) {
            throw new MalformedMessageException("protocol version: " + version + " (expected: " + VERSION
                    + "; all members and clients need the same version of Expertgrid)");
        }
    }
}
