/**
 * The filters (after a bar) and the tests (after {@code is}) of chat templates.
 *
 * <pre>
 *   {{ messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | join }}
 *                     |                  |                     |                       |
 *                     v                  v                     v                       v
 *            SelectingFilters         IsTest           SelectingFilters         SequenceFilters        TextFilters, ValueFilters
 * </pre>
 *
 * {@link org.expertgrid.decoder.filters.Filter} and {@link org.expertgrid.decoder.filters.IsTest} know all of them by name. They see values of the package
 * {@code python} and nothing of the template around them.
 */
package org.expertgrid.decoder.filters;
