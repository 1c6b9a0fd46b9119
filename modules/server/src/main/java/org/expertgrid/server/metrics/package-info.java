/**
 * Counts and times of texts, for Micrometer.
 *
 * <pre>
 *   Generator --tells--> GenerationMeters.measure(listener) --passes on--> listener
 *                               |
 *                               v
 *                        RegistryMeters, one for each registry:  expertgrid_time_to_first_token_seconds ...
 * </pre>
 *
 * The names are those of vLLM after {@code expertgrid_}, so that dashboards need one change alone. An application without a server can use them, too.
 */
package org.expertgrid.server.metrics;
