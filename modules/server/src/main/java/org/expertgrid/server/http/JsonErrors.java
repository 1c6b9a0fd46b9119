package org.expertgrid.server.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.expertgrid.server.openai.ApiException;
import org.expertgrid.server.openai.Json;

/** Answers what never becomes a request, such as a header that is too long, with an error of the API instead of a page. */
public final class JsonErrors extends ErrorHandler {
    @Override
    protected void generateResponse(
            Request request, Response response, int code, String message, Throwable cause, Callback callback) {
        ApiException error = error(code);
        response.setStatus(code);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Reply.JSON);
        response.write(true, ByteBuffer.wrap(Json.bytes(error.body())), callback);
    }

    private static ApiException error(int code) {
        if (code == HttpStatus.SERVICE_UNAVAILABLE_503) {
            return ApiException.unavailable("The server is shutting down.", Duration.ofSeconds(1));
        }
        return code >= 500
                ? ApiException.internal()
                : ApiException.refused(code, "HTTP: " + HttpStatus.getMessage(code), null, null);
    }
}
