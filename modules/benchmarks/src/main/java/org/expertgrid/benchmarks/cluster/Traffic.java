package org.expertgrid.benchmarks.cluster;

import com.hazelcast.cluster.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.expertgrid.benchmarks.cluster.Echo.Message;
import org.expertgrid.benchmarks.cluster.Echo.Step;
import org.expertgrid.cluster.status.ModelStatus;
import org.expertgrid.experts.routing.Routing;

/**
 * The least bytes that a forward of a deployed model must send and receive, by exchange: rows to and results from every data member
 * except the caller's own.
 *
 * @param model the status of the model, which has the places of its ranks
 * @param others the members outside of the caller
 */
public record Traffic(ModelStatus model, List<Member> others) {
    /** Each row of an expert is sent with its row number and its gate. */
    private static final int BYTES_OF_GATE = Integer.BYTES + Double.BYTES;

    /** Returns the steps of a forward, in their order. */
    public List<Step> steps(Routing routing) {
        return switch (model.exchange()) {
            case REDUCE -> List.of(reduce(routing));
            case CONCAT -> concat(routing);
        };
    }

    private Step reduce(Routing routing) {
        int out = bytes(routing.rows(), model.shape().inputDim()) + routing.rows() * routing.topK() * BYTES_OF_GATE;
        int back = bytes(routing.rows(), model.shape().outputDim());
        return new Step(
                others.stream().map(member -> new Message(member, out, back)).toList());
    }

    private List<Step> concat(Routing routing) {
        List<Step> steps = new ArrayList<>();
        for (int e = 0; e < routing.experts(); e++) {
            int rows = routing.expert(e).count();
            if (rows > 0) {
                steps.add(layer(rows, model.shape().inputDim(), model.shape().hiddenDim()));
                steps.add(layer(rows, model.shape().hiddenDim(), model.shape().outputDim()));
            }
        }
        return steps;
    }

    private Step layer(int rows, int inputs, int outputs) {
        return new Step(others.stream()
                .map(member -> new Message(member, bytes(rows, inputs), share(bytes(rows, outputs), member)))
                .toList());
    }

    private int share(int bytes, Member member) {
        Map<String, List<Integer>> ranks = model.ranksByMember();
        String address =
                member.getAddress().getHost() + ":" + member.getAddress().getPort();
        return (int) ((long) bytes * ranks.getOrDefault(address, List.of()).size() / model.ranks());
    }

    private int bytes(int rows, int width) {
        return rows * width * model.elementType().bytes();
    }

    /** Returns the least bytes for that many rows: each row once to each member, and each result once back. */
    public long minimum(int rows) {
        return (long) others.size()
                * rows
                * (model.shape().inputDim() + model.shape().outputDim())
                * model.elementType().bytes();
    }
}
