/**
 * Whole models beside llama.cpp: the same random weights, in the files that each program reads.
 *
 * <pre>
 *   BenchModelCommand ──▶ ModelBench ──▶ ModelRunner      reads tokens, one step a call
 *                             │             ├── OwnRunner      a Decoder in this JVM; its experts here, or on ExpertMembers
 *                             │             └── LlamaRunner    LlamaCpp: its C interface, through JNA
 *                             ▼
 *                        RandomModel ──▶ safetensors (SafetensorsFile), GGUF (GgufFile, GgufType)
 * </pre>
 *
 * <p>Over members, a ModelRun has {@link org.expertgrid.benchmarks.model.MemberTimes}: the parts of a step's time beside the least that
 * they can take.
 *
 * <p>Before anything is timed, {@link org.expertgrid.benchmarks.model.LogitsCheck} compares the logits of both programs on a small
 * model in float32.
 */
package org.expertgrid.benchmarks.model;
