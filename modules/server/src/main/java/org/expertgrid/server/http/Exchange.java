package org.expertgrid.server.http;

import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.server.Request;
import org.expertgrid.server.openai.ApiException;
import org.expertgrid.server.openai.Json;

/**
 * A request, whole, and the reply to it.
 *
 * @param body the bytes, shared
 */
record Exchange(Request request, byte[] body, Reply reply) {
    /**
     * Returns the object that the body is.
     *
     * @throws ApiException if it is none, or does not say that it is JSON: a page of another host may send other types unasked
     */
    Map<String, Object> json() {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (type == null || !"application/json".equals(MimeTypes.getContentTypeWithoutCharset(type))) {
            throw ApiException.refused(
                    415, "Content-Type: " + type + " (expected: application/json)", null, "unsupported_media_type");
        }
        return Json.object(body);
    }
}
