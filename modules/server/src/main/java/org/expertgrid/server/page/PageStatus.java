package org.expertgrid.server.page;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.expertgrid.decoder.batching.BatchStatus;
import org.expertgrid.server.metrics.GenerationMeters;
import org.expertgrid.server.sessions.Readiness;
import org.expertgrid.server.sessions.ServedModel;

/** Writes what the page shows beside the chat. Safe for use by many threads. */
public record PageStatus(
        ServedModel model, GenerationMeters meters, Readiness readiness, Supplier<ClusterView> cluster) {
    /** Returns the state of this moment, for JSON. */
    public Map<String, Object> now() {
        BatchStatus status = model.engine().status();
        ClusterView view = cluster.get();
        Optional<String> problem = readiness.problem();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", model.name());
        json.put("chat", model.template().isPresent());
        json.put("problem", problem.orElse(null));
        json.put("running", status.running());
        json.put("waiting", status.waiting());
        json.put("cachedTokens", status.cachedTokens());
        json.put("mostCachedTokens", status.mostCachedTokens());
        json.put("generatedTokens", meters.generatedTokens());
        json.put("milliseconds", System.nanoTime() / 1_000_000);
        json.put("forwards", view.forwards());
        json.put("hedges", view.hedges());
        json.put("retries", view.retries());
        json.put("members", view.members().stream().map(PageStatus::json).toList());
        json.put("events", view.events().stream().map(PageStatus::json).toList());
        json.put("heat", heat(view.heat()));
        return json;
    }

    private static Map<String, Object> json(ClusterView.Member member) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", member.name());
        json.put("up", member.up());
        json.put("ranks", member.ranks());
        json.put("usedHeap", member.usedHeap());
        json.put("maximalHeap", member.maximalHeap());
        return json;
    }

    private static Map<String, Object> json(ClusterView.Event event) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("at", event.at().toString());
        json.put("kind", event.kind().name().toLowerCase(Locale.ROOT));
        json.put("text", event.text());
        return json;
    }

    private static List<Map<String, Object>> heat(List<ClusterView.LayerHeat> heat) {
        return heat.stream()
                .map(layer -> Map.<String, Object>of("layer", layer.layer(), "rows", layer.rows()))
                .toList();
    }
}
