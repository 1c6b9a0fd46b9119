package org.expertgrid.experts.weights;

import java.util.List;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.WeightFormat;

/**
 * Weights that are all held in memory.
 *
 * @param all the experts by their numbers, the shared ones last
 */
record MemoryWeights(MoeShape shape, RouterRule rule, RouterWeights router, List<ExpertWeights> all)
        implements MoeWeights {
    MemoryWeights(RouterRule rule, RouterWeights router, List<ExpertWeights> all) {
        this(shapeOf(rule, all), rule, router, all);
    }

    MemoryWeights {
        ElementType type = all.get(0).elementType();
        Problems problems = rule.check(new Problems(), shape.experts())
                .expect(
                        router.experts() == shape.experts(),
                        "router.experts",
                        router.experts(),
                        "one for each of " + shape.experts() + " experts")
                .expect(
                        router.inputs() == shape.inputDim(),
                        "router.inputs",
                        router.inputs(),
                        "inputDim " + shape.inputDim());
        for (int e = 0; e < all.size(); e++) {
            ExpertWeights expert = all.get(e);
            problems.expect(
                            expert.shape().equals(shape.expert(e)),
                            "expert" + e + ".shape",
                            expert.shape(),
                            "" + shape.expert(e))
                    .expect(
                            expert.elementType() == type,
                            "expert" + e + ".elementType",
                            expert.elementType(),
                            "expert0.elementType " + type);
        }
        problems.throwIfAny();
    }

    private static MoeShape shapeOf(RouterRule rule, List<ExpertWeights> all) {
        int experts = all.size() - rule.sharedExperts();
        new Problems()
                .expect(
                        experts >= 1,
                        "experts",
                        all.size(),
                        "at least 1 besides " + rule.sharedExperts() + " shared ones")
                .throwIfAny();
        List<ExpertShape> shared = all.subList(experts, all.size()).stream()
                .map(ExpertWeights::shape)
                .toList();
        return new MoeShape(all.get(0).shape(), experts, shared);
    }

    @Override
    public ElementType elementType() {
        return all.get(0).elementType();
    }

    @Override
    public ExpertWeights expert(int expert) {
        shape.expert(expert);
        return all.get(expert);
    }

    @Override
    public WeightFormat format(int expert, MatrixRole role) {
        return expert(expert).matrix(role).weight().format();
    }

    @Override
    public MoeWeights inMemory() {
        return this;
    }
}
