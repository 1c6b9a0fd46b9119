/**
 * The exercise that Expertgrid began with: one model computed token by token, batched in one JVM, and on a cluster. It is a user of the
 * API, not a part of it.
 *
 * <pre>
 *   SeedExercise.Parameters --+-- testSimpleMoe  -- Outcome --+
 *                             +-- testBatchedMoe -- Outcome --+-- Comparison --+
 *                             +-- testTpMoe      -- Outcome --+                +-- Verdict
 *                                                 MemberLoss, during a kill ---+
 * </pre>
 *
 * <p>{@code Example} holds the drawn weights and rows, for programs that use them many times.
 */
package org.expertgrid.cli.seed;
