/**
 * The output of every program of the command line: text for people, one JSON object for programs, one line for a failure.
 *
 * <pre>
 *   command --+-- Output ------------ text, or text on standard error and JSON on standard output
 *             +-- Table, StatusReport, Progress
 *             |
 *   exception --- Failures ---------- one line on standard error, and the exit code
 * </pre>
 */
package org.expertgrid.cli.output;
