package org.expertgrid.server.openai;

import java.util.LinkedHashMap;
import java.util.Map;

/** How many tokens a request has read and written. */
public record Usage(int promptTokens, int completionTokens) {
    Map<String, Object> json() {
        Map<String, Object> usage = new LinkedHashMap<>();
        usage.put("prompt_tokens", promptTokens);
        usage.put("completion_tokens", completionTokens);
        usage.put("total_tokens", promptTokens + completionTokens);
        return usage;
    }
}
