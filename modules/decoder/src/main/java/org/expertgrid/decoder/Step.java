package org.expertgrid.decoder;

import java.util.List;
import org.expertgrid.kernels.Matrix;

/**
 * The result of a step.
 *
 * @param logits for each chunk, {@code [its wanted logits, vocabularySize]}
 * @param times where the time went
 */
public record Step(List<Matrix> logits, StepTimes times) {}
