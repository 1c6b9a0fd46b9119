package org.expertgrid.server.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Request;
import org.expertgrid.server.openai.ApiException;

/**
 * Under which names the server answers. A page of a foreign host can have its name point to this machine (DNS rebinding), and then counts for a
 * browser as a page of this server. Its requests still name the foreign host, so that the server can refuse them.
 *
 * @param checked whether names are checked at all
 * @param allowed names beside those that mean this machine
 */
public record HostNames(boolean checked, Set<String> allowed) {
    /** An address in digits cannot point anywhere else. */
    private static final Pattern DIGITS = Pattern.compile("[0-9.]+|\\[?[0-9a-f]*:[0-9a-f:.%]+]?");

    /**
     * Returns what protects a server that listens on an address. One with a key needs no check, because a foreign page does not know the key; and
     * under which names a server is known that listens beyond this machine cannot be told.
     */
    public static HostNames of(String host, boolean hasKey) {
        return new HostNames(!hasKey && isLoopback(host), Set.of("localhost", host.toLowerCase(Locale.ROOT)));
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /**
     * Checks the name of the server in a request.
     *
     * @throws ApiException if it is a foreign one
     */
    void check(Request request) {
        String host = Request.getServerName(request);
        if (!checked || host == null) {
            return;
        }
        String name = host.toLowerCase(Locale.ROOT);
        if (!allowed.contains(name) && !DIGITS.matcher(name).matches()) {
            throw ApiException.refused(
                    403,
                    "Host: " + host + " (expected: localhost, because this server has no API key)",
                    null,
                    "unknown_host");
        }
    }
}
