package org.expertgrid.decoder.generation;

/** Why a text has ended. */
public enum FinishReason {
    /** The model ended it, or a stop text or a stop id appeared. */
    STOP,
    /** It has as many tokens as were asked for, or as model and caches allow. */
    LENGTH,
    /** It was cancelled. */
    CANCELLED,
    /** Its time was over. */
    DEADLINE
}
