/**
 * How subjects are timed side by side, and what is reported.
 *
 * <pre>
 *   Subject, Subject, ... -- Rounds: each subject has a turn in each round -- Measurement -- Times
 *                                                                                |
 *                                                                              Goals: met or missed, BarChart
 * </pre>
 */
package org.expertgrid.benchmarks.report;
