package org.expertgrid.benchmarks.chaos;

/** Which member a fault hits. */
enum Victim {
    /** The one that has been there longest: it keeps the list of members. */
    OLDEST,
    /** The one from which the client hears who is a member and who owns what. */
    LISTENED_TO,
    /** One after the other of the rest. */
    ANOTHER
}
