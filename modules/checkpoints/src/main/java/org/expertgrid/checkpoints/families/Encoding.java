package org.expertgrid.checkpoints.families;

import java.util.Arrays;
import java.util.List;
import org.expertgrid.checkpoints.config.ConfigReader;

/** How the weights of the experts are encoded in a checkpoint. */
public enum Encoding {
    /** As floating-point numbers: F64, F32, F16 or BF16. */
    PLAIN("none"),
    /** As F8_E4M3, with a scale for each block of 128 x 128 weights; some weights may be plain. */
    FP8_BLOCKS("fp8"),
    /** As MXFP4: codes in {@code *_blocks} and scales in {@code *_scales}, always [outputs, inputs]. */
    MXFP4("mxfp4");

    private final String method;

    Encoding(String method) {
        this.method = method;
    }

    private static Encoding named(String method) {
        return Arrays.stream(values())
                .filter(encoding -> encoding.method.equals(method))
                .findFirst()
                .orElse(PLAIN);
    }

    /** Returns what {@code quantization_config} says; {@code allowed} are the encodings that the family was published in. */
    static Encoding of(ConfigReader config, List<Encoding> allowed) {
        if (!config.has("quantization_config")) {
            return PLAIN;
        }
        ConfigReader quantization = config.object("quantization_config");
        Encoding encoding = named(quantization.text("quant_method", ""));
        quantization.expect(
                encoding != PLAIN && allowed.contains(encoding),
                "quant_method",
                allowed.isEmpty() ? "no quantization_config" : allowed.get(0).method + ", or no quantization_config");
        if (encoding == FP8_BLOCKS) {
            quantization.expect(
                    quantization.integers("weight_block_size").equals(List.of(128, 128)),
                    "weight_block_size",
                    "[128, 128]");
        }
        return encoding;
    }
}
