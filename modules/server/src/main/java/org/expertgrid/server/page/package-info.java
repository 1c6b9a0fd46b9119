/**
 * The page: one file each of HTML, CSS and JavaScript, and what it asks for every second.
 *
 * <pre>
 *   page.html, page.css, page.js  -- POST v1/chat/completions -->  the API, as any client
 *                                 -- GET page/status ---------->  PageStatus: model, meters, ClusterView
 * </pre>
 *
 * The page comes without a build, and takes nothing from another host. A {@link org.expertgrid.server.page.ClusterView} is all that it knows of a
 * cluster; the program that starts the server fills it in.
 */
package org.expertgrid.server.page;
