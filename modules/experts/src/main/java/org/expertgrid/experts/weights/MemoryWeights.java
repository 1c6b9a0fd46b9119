package org.expertgrid.experts.weights;

import java.util.List;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.kernels.ElementType;

/** Weights that are all held in memory. */
record MemoryWeights(MoeShape shape, RouterRule rule, RouterWeights router, List<ExpertWeights> experts)
        implements MoeWeights {
    MemoryWeights(RouterRule rule, RouterWeights router, List<ExpertWeights> experts) {
        this(shapeOf(router, experts), rule, router, experts);
    }

    MemoryWeights {
        Problems problems = new Problems();
        for (int e = 0; e < experts.size(); e++) {
            check(problems, shape, experts.get(0).elementType(), e, experts.get(e));
        }
        problems.throwIfAny();
    }

    private static MoeShape shapeOf(RouterWeights router, List<ExpertWeights> experts) {
        new Problems()
                .expect(!experts.isEmpty(), "experts", 0, "at least 1")
                .expect(
                        router.experts() == experts.size(),
                        "router.experts",
                        router.experts(),
                        "one for each of " + experts.size() + " experts")
                .throwIfAny();
        ExpertWeights first = experts.get(0);
        return new MoeShape(router.inputs(), first.fc1().outputs(), first.fc2().outputs(), experts.size());
    }

    private static void check(Problems problems, MoeShape shape, ElementType type, int e, ExpertWeights expert) {
        String name = "expert" + e;
        problems.expect(
                        expert.fc1().inputs() == shape.inputDim(),
                        name + ".fc1.inputs",
                        expert.fc1().inputs(),
                        "inputDim " + shape.inputDim())
                .expect(
                        expert.fc1().outputs() == shape.hiddenDim(),
                        name + ".fc1.outputs",
                        expert.fc1().outputs(),
                        "hiddenDim " + shape.hiddenDim())
                .expect(
                        expert.fc2().outputs() == shape.outputDim(),
                        name + ".fc2.outputs",
                        expert.fc2().outputs(),
                        "outputDim " + shape.outputDim())
                .expect(
                        expert.fc1().elementType() == type,
                        name + ".elementType",
                        expert.fc1().elementType(),
                        "expert0.elementType " + type);
    }

    @Override
    public ElementType elementType() {
        return experts.get(0).elementType();
    }

    @Override
    public ExpertWeights expert(int expert) {
        shape.checkExpert(expert);
        return experts.get(expert);
    }

    @Override
    public MoeWeights inMemory() {
        return this;
    }
}
