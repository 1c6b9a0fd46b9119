package org.expertgrid.cli.commands;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.checkpoints.config.Config;
import org.expertgrid.checkpoints.families.Encoding;
import org.expertgrid.checkpoints.families.Families;
import org.expertgrid.checkpoints.families.MoeLayers;
import org.expertgrid.cli.output.ByteSizes;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cluster.ModelDeployment;
import org.expertgrid.cluster.status.ModelNeeds;
import org.expertgrid.decoder.DecoderOptions;
import org.expertgrid.decoder.FrontBytes;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.WeightFormat;

/**
 * The memory that a checkpoint needs, computed before anything is started.
 *
 * @param layers the MoE layers
 * @param isRead whether the headers of the files of weights were read; otherwise sizes follow the configuration alone
 * @param needs of the members
 * @param front of the JVM that serves
 * @param mostCachedTokens how many tokens the front caches at most
 */
record CheckpointSize(MoeLayers layers, boolean isRead, ModelNeeds needs, FrontBytes front, long mostCachedTokens) {
    private static final long HEAP_STEP = 256L << 20;
    /** The bytes that a front needs beside weights and caches: the rows of a step, requests, and Hazelcast. */
    private static final long FRONT_BASE_BYTES = 256L << 20;

    /** Where the weights are to be. */
    record Plan(int members, int backups, int ranks, Optional<WeightFormat> weightsAs) {}

    /**
     * Computes the needs of a checkpoint, of which config.json must be there.
     *
     * @throws org.expertgrid.experts.errors.BadFileException if it is not supported, or a file is wrong
     * @throws IllegalArgumentException if it cannot be divided as planned
     */
    static CheckpointSize of(Path folder, Plan plan) {
        DecoderOptions defaults = DecoderOptions.defaults();
        DecoderOptions options = plan.weightsAs().map(defaults::withWeightsAs).orElse(defaults);
        return hasWeights(folder)
                ? of(Checkpoint.open(folder), plan, options)
                : of(Config.read(folder.resolve("config.json")), plan, options);
    }

    private static boolean hasWeights(Path folder) {
        return Files.exists(folder.resolve("model.safetensors"))
                || Files.exists(folder.resolve("model.safetensors.index.json"));
    }

    private static CheckpointSize of(Checkpoint checkpoint, Plan plan, DecoderOptions options) {
        return of(checkpoint.moeLayers(), true, checkpoint::layer, FrontBytes.of(checkpoint, options), plan, options);
    }

    private static CheckpointSize of(Config config, Plan plan, DecoderOptions options) {
        MoeLayers layers = Families.read(config);
        WeightFormat plain = plain(config);
        WeightFormat stored = stored(layers.tensors().encoding(), plain);
        return of(
                layers,
                false,
                layer -> new UnreadWeights(layers.shape(), layers.rule(), (expert, role) -> stored),
                FrontBytes.of(config, layers, plain, options),
                plan,
                options);
    }

    private static CheckpointSize of(
            MoeLayers layers,
            boolean isRead,
            IntFunction<MoeWeights> weights,
            FrontBytes front,
            Plan plan,
            DecoderOptions options) {
        Map<Integer, MoeWeights> planned = new TreeMap<>();
        for (int layer : layers.moeLayers()) {
            MoeWeights stored = weights.apply(layer);
            planned.put(
                    layer,
                    new UnreadWeights(
                            layers.shape(),
                            layers.rule(),
                            (expert, role) -> plan.weightsAs().orElseGet(() -> stored.format(expert, role))));
        }
        ModelNeeds needs = new ModelDeployment(layers.family(), planned)
                .ranks(plan.ranks())
                .needs(plan.members(), plan.backups());
        return new CheckpointSize(layers, isRead, needs, front, options.mostCachedTokens());
    }

    private static WeightFormat plain(Config config) {
        String type = config.reader().text(config.has("dtype") ? "dtype" : "torch_dtype", "bfloat16");
        return switch (type) {
            case "float32" -> WeightFormat.FLOAT32;
            case "float16" -> WeightFormat.F16;
            default -> WeightFormat.BF16;
        };
    }

    private static WeightFormat stored(Encoding encoding, WeightFormat plain) {
        return switch (encoding) {
            case PLAIN -> plain;
            case FP8_BLOCKS -> WeightFormat.FP8_E4M3;
            case MXFP4 -> WeightFormat.MXFP4;
        };
    }

    private long caches() {
        return front.cachedToken() * mostCachedTokens;
    }

    private long memberHeap() {
        return inSteps(needs.heap());
    }

    private long frontHeap() {
        return inSteps((front.weights() + caches() + FRONT_BASE_BYTES) * 8 / 7);
    }

    private static long inSteps(long bytes) {
        return (bytes + HEAP_STEP - 1) / HEAP_STEP * HEAP_STEP;
    }

    void say(Output output, Plan plan) {
        output.say(
                "model         %s, %d layers, %d of them with %d experts",
                layers.family(),
                layers.layers(),
                layers.moeLayers().size(),
                layers.shape().allExperts());
        if (!isRead) {
            output.say("              there are no weights in the folder: sizes follow config.json alone");
        }
        output.say("experts       %s: %s", ByteSizes.text(needs.weights()), formats());
        output.say("");
        output.say("members       %d, backups %d, ranks %d", plan.members(), plan.backups(), plan.ranks());
        output.say("  each        %s, backups included", ByteSizes.text(needs.member()));
        output.say(
                "  one lost    %s",
                needs.memberAfterLoss() == 0
                        ? "weights are lost with the member"
                        : ByteSizes.text(needs.memberAfterLoss()) + " for each of the others");
        output.say("  heap        --heap %s", option(memberHeap()));
        output.say("");
        output.say("front         %s of weights", ByteSizes.text(front.weights()));
        output.say(
                "  caches      %s for 1000 tokens; %s for the %d that are cached at most",
                ByteSizes.text(1000 * front.cachedToken()), ByteSizes.text(caches()), mostCachedTokens);
        output.say("  heap        EXPERTGRID_JAVA_OPTS=-Xmx%s", option(frontHeap()));
    }

    private String formats() {
        return new TreeMap<>(needs.weightsByFormat())
                .entrySet().stream()
                        .map(entry -> ByteSizes.text(entry.getValue()) + " in " + Output.text(entry.getKey()))
                        .collect(Collectors.joining(", "));
    }

    private static String option(long bytes) {
        return (bytes >> 20) + "m";
    }

    Map<String, Object> json(Plan plan) {
        Map<String, Object> formats = new LinkedHashMap<>();
        new TreeMap<>(needs.weightsByFormat()).forEach((format, bytes) -> formats.put(Output.text(format), bytes));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("family", layers.family());
        json.put("weights_read", isRead);
        json.put("layers", layers.layers());
        json.put("moe_layers", layers.moeLayers().size());
        json.put("experts", layers.shape().allExperts());
        json.put("expert_bytes", needs.weights());
        json.put("expert_bytes_by_format", formats);
        json.put("members", plan.members());
        json.put("backups", plan.backups());
        json.put("ranks", plan.ranks());
        json.put("member_bytes", needs.member());
        json.put("member_bytes_after_loss", needs.memberAfterLoss());
        json.put("member_heap", memberHeap());
        json.put("front_bytes", front.weights());
        json.put("cache_bytes_per_1000_tokens", 1000 * front.cachedToken());
        json.put("cached_tokens", mostCachedTokens);
        json.put("front_heap", frontHeap());
        return json;
    }
}
