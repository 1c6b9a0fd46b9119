package org.expertgrid.server.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.expertgrid.server.openai.ApiException;

/** The key that clients must send, if the server asks for one. */
record ApiKey(Optional<String> key) {
    private static final String SCHEME = "Bearer ";

    /**
     * Checks the key that a request brings. The time that this takes does not depend on how much of it is right.
     *
     * @throws ApiException if it is not the right one
     */
    void check(Request request) {
        if (key.isEmpty()) {
            return;
        }
        String given = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        boolean bearer = given != null && given.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        byte[] secret = bearer ? bytes(given.substring(SCHEME.length()).strip()) : new byte[0];
        if (!MessageDigest.isEqual(secret, bytes(key.get()))) {
            throw ApiException.refused(
                    401,
                    "The API key is missing or wrong (expected: the header Authorization: Bearer KEY).",
                    null,
                    "invalid_api_key");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return key.isPresent() ? "ApiKey[…]" : "ApiKey[none]";
    }
}
