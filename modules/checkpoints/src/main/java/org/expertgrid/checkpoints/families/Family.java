package org.expertgrid.checkpoints.families;

import org.expertgrid.checkpoints.config.ConfigReader;

/** A family of models: reads a config of its kind. */
@FunctionalInterface
interface Family {
    /**
     * Returns what the config says. Problems are noted in the reader; what is returned then is of no use.
     *
     * @param prefix what the names of a layer's tensors begin with, up to the number of the layer: {@code model.layers.%d.}
     */
    MoeLayers read(ConfigReader config, String modelType, String prefix);
}
