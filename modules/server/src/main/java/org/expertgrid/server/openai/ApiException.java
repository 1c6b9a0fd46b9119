package org.expertgrid.server.openai;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.expertgrid.experts.errors.ExpertgridException;

/** A request that is answered with an error of the API; the message is for the client. */
public final class ApiException extends ExpertgridException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String type;
    private final String parameter;
    private final String code;
    private final Duration retryAfter;

    private ApiException(int status, String type, String message, String parameter, String code, Duration retryAfter) {
        super(message);
        this.status = status;
        this.type = type;
        this.parameter = parameter;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    /**
     * The request itself is wrong: 400.
     *
     * @param parameter the field that is wrong, or null
     * @param code what is wrong with it, in the API's words, or null
     */
    public static ApiException badRequest(String message, String parameter, String code) {
        return refused(400, message, parameter, code);
    }

    /** The request is refused with a status from 400 to 499, and trying again is of no use. */
    public static ApiException refused(int status, String message, String parameter, String code) {
        return new ApiException(status, "invalid_request_error", message, parameter, code, null);
    }

    /** There is no model of that name here: 404. */
    public static ApiException unknownModel(String name, String served) {
        return refused(404, "model: '" + name + "' (expected: '" + served + "')", "model", "model_not_found");
    }

    /** Too many texts are waiting: 429. */
    public static ApiException queueFull(Duration retryAfter) {
        return new ApiException(
                429,
                "rate_limit_error",
                "Too many requests are waiting. Try again later.",
                null,
                "queue_full",
                retryAfter);
    }

    /** The answer cannot be given now: 503. */
    public static ApiException unavailable(String message, Duration retryAfter) {
        return new ApiException(503, "service_unavailable_error", message, null, "unavailable", retryAfter);
    }

    /** The server has a fault: 500. What the fault is stays in the server's log. */
    public static ApiException internal() {
        return new ApiException(
                500, "server_error", "The server failed. Its log tells why.", null, "internal_error", null);
    }

    /** Returns the HTTP status. */
    public int status() {
        return status;
    }

    /** Returns after what time trying again is of use, if it is. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** Returns the body of the answer. */
    public Map<String, Object> body() {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("message", getMessage());
        error.put("type", type);
        error.put("param", parameter);
        error.put("code", code);
        return Map.of("error", error);
    }
}
