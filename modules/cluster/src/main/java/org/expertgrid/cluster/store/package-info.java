/**
 * Keeps the entries of a map in files of a directory that all members share.
 *
 * <pre>
 *   IMap --MapStore--> FileStore --> EntryFile (key, value, checksum), written in one step
 *                          +-------> StoreFailure, where a file cannot be read or written
 * </pre>
 */
package org.expertgrid.cluster.store;
