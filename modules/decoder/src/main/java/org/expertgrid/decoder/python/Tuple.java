package org.expertgrid.decoder.python;

import java.util.List;

/** Python's tuple. */
public record Tuple(List<Object> items) {}
