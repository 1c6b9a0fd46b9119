/**
 * Reads the configuration of a model.
 *
 * <pre>
 *   config.json  --->  Config  --reader()-->  ConfigReader  --size("hidden_size"), flag(...), object(...)-->  typed values
 *                                                           --throwIfAny()-->  all problems in one message
 * </pre>
 *
 * A {@link org.expertgrid.checkpoints.config.Config} is the JSON object as it is. A {@link org.expertgrid.checkpoints.config.ConfigReader}
 * takes values out of it and collects what is missing or wrong, so that one message names all of it. This room knows no family
 * of models.
 */
package org.expertgrid.checkpoints.config;
