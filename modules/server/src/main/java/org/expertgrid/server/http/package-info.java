/**
 * The way from a connection to an endpoint, and back.
 *
 * <pre>
 *   connection --Jetty--> Routes --ApiKey--> body, whole --> Exchange --> Endpoint
 *                            |                                               |
 *                            |  ApiException                                 v
 *                            +-----------------------------------------> Reply --> connection
 * </pre>
 *
 * Nothing here waits for a client: bodies are collected and replies are sent as the connection allows, and clients that are too slow, too many or too long
 * are turned away by {@link org.expertgrid.server.http.HttpLimits}. A reply that fails after its beginning is cut off, so that no client takes it for whole.
 */
package org.expertgrid.server.http;
