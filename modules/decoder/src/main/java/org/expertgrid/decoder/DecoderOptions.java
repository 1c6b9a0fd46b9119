package org.expertgrid.decoder;

import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntFunction;
import org.expertgrid.decoder.caches.CacheType;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.layers.Layer;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Narrowing;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.choice.KernelsChoice;

/**
 * How a model is run. Only {@code weightsAs} and {@code cacheType} change numbers, and only where they are narrower than what they replace, or narrow rows.
 *
 * @param weightsAs what dense weights are kept as, one of {@link Narrowing#KEPT_AS}; nothing for what the checkpoint stores
 * @param kernels what multiplies
 * @param team the threads that share a step
 * @param expertLayers makes the layer of that number, for each layer that has experts; nothing for layers in this JVM
 * @param cacheType what keys and values are kept as
 * @param mostCachedTokens the bound on the tokens of all sequences together
 * @param mostCacheBytes the bound on the memory of their keys and values
 * @param groups in how many groups the sequences of a step go through the layers side by side: 1, or 2 for experts on other machines, so that the rows
 *     of one group travel while attention is computed for the other
 */
public record DecoderOptions(
        Optional<WeightFormat> weightsAs,
        Kernels kernels,
        ThreadTeam team,
        Optional<IntFunction<Layer>> expertLayers,
        CacheType cacheType,
        long mostCachedTokens,
        long mostCacheBytes,
        int groups) {
    public DecoderOptions {
        Problems problems = new Problems()
                .expect(mostCachedTokens >= 1, "mostCachedTokens", mostCachedTokens, "at least 1")
                .expect(mostCacheBytes >= 1, "mostCacheBytes", mostCacheBytes, "at least 1")
                .expect(groups == 1 || groups == 2, "groups", groups, "1 or 2");
        weightsAs.ifPresent(format -> problems.expect(
                Narrowing.KEPT_AS.contains(format), "weightsAs", format, "one of " + Narrowing.KEPT_AS));
        problems.throwIfAny();
    }

    /**
     * Returns the options for one JVM: the best kernels, all processors, float32 caches of up to 32768 tokens, which take at most a quarter of
     * the heap.
     */
    public static DecoderOptions defaults() {
        ThreadTeam team =
                ThreadTeam.of(ForkJoinPool.commonPool(), Runtime.getRuntime().availableProcessors());
        return new DecoderOptions(
                Optional.empty(),
                KernelsChoice.best(),
                team,
                Optional.empty(),
                CacheType.FLOAT32,
                1 << 15,
                Runtime.getRuntime().maxMemory() / 4,
                1);
    }

    /** Returns these options with dense weights that are kept in another format. */
    public DecoderOptions withWeightsAs(WeightFormat format) {
        return new DecoderOptions(
                Optional.of(format), kernels, team, expertLayers, cacheType, mostCachedTokens, mostCacheBytes, groups);
    }

    /** Returns these options with other kernels. */
    public DecoderOptions withKernels(Kernels other) {
        return new DecoderOptions(
                weightsAs, other, team, expertLayers, cacheType, mostCachedTokens, mostCacheBytes, groups);
    }

    /** Returns these options with other threads. */
    public DecoderOptions withTeam(ThreadTeam other) {
        return new DecoderOptions(
                weightsAs, kernels, other, expertLayers, cacheType, mostCachedTokens, mostCacheBytes, groups);
    }

    /** Returns these options with expert layers that are made elsewhere. */
    public DecoderOptions withExpertLayers(IntFunction<Layer> layers) {
        return new DecoderOptions(
                weightsAs, kernels, team, Optional.of(layers), cacheType, mostCachedTokens, mostCacheBytes, groups);
    }

    /** Returns these options with another type of cached numbers. */
    public DecoderOptions withCacheType(CacheType other) {
        return new DecoderOptions(
                weightsAs, kernels, team, expertLayers, other, mostCachedTokens, mostCacheBytes, groups);
    }

    /** Returns these options with another bound on cached tokens. */
    public DecoderOptions withMostCachedTokens(long most) {
        return new DecoderOptions(weightsAs, kernels, team, expertLayers, cacheType, most, mostCacheBytes, groups);
    }

    /** Returns these options with another bound on the memory of keys and values. */
    public DecoderOptions withMostCacheBytes(long most) {
        return new DecoderOptions(weightsAs, kernels, team, expertLayers, cacheType, mostCachedTokens, most, groups);
    }

    /** Returns these options with another number of groups. */
    public DecoderOptions withGroups(int other) {
        return new DecoderOptions(
                weightsAs, kernels, team, expertLayers, cacheType, mostCachedTokens, mostCacheBytes, other);
    }
}
