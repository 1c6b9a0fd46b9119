package org.expertgrid.decoder.batching;

/**
 * The state of a {@link Batching} at one moment.
 *
 * @param running how many sequences share the steps
 * @param waiting how many sequences wait
 * @param cachedTokens how many tokens' keys and values are cached, in whole pages
 * @param mostCachedTokens how many may be
 * @param steps how many steps have ended
 * @param tokens how many tokens these have read
 * @param readAgain how often a sequence gave its memory up and was read again
 * @param nanosOfStep how long the step has been running that is running now; 0 where there is none
 */
public record BatchStatus(
        int running,
        int waiting,
        long cachedTokens,
        long mostCachedTokens,
        long steps,
        long tokens,
        long readAgain,
        long nanosOfStep) {}
