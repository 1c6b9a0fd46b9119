/**
 * The exceptions that callers catch. All are unchecked and say what was given, what was expected and what to do.
 *
 * <pre>
 *   ExpertgridException
 *     NotConfigured, NoDataMembers, Refused          the cluster cannot be used
 *     ModelExists, ModelNotFound, ModelNotReady      the name cannot be used
 *     ForwardFailed, Overloaded, WeightsLost         a forward has no result
 *     MalformedMessage                               bytes are no message of ours
 * </pre>
 */
package org.expertgrid.cluster.errors;
