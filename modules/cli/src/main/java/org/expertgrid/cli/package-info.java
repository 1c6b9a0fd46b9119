/**
 * The command line. {@link org.expertgrid.cli.Main} reads the name of a command and leaves the work to its class.
 *
 * <pre>
 *   Main
 *    |
 *   commands    one class for each command
 *    |
 *   local       clusters on this machine: for one command, or until 'cluster stop'
 *   watch       what the page of the server shows of a cluster
 *    |
 *   options     the options that mean the same in every command
 *    |
 *   seed        the exercise of the seed: the same model in three ways, compared
 *    |
 *   output      standard output and standard error, failures and exit codes
 * </pre>
 *
 * <p>Each package uses only the packages below it.
 */
package org.expertgrid.cli;
