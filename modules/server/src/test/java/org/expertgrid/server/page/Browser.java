package org.expertgrid.server.page;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A headless Chromium with one page, driven over its DevTools protocol. For one thread. */
final class Browser implements AutoCloseable {
    private static final String LISTENING = "DevTools listening on ";
    private static final int PATIENCE_SECONDS = 180;

    private final Process process;
    private final Path folder;
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<Map<String, Object>>> calls = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();

    private Browser(Process process, Path folder, URI page) {
        this.process = process;
        this.folder = folder;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(page, new Replies())
                .join();
    }

    /** Returns where Chromium is on this machine. */
    static Optional<Path> installed() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts a browser with an empty profile in this folder and opens a page. */
    static Browser open(Path chromium, Path folder, URI address) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        chromium.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + folder,
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        // Chromium puts a socket there and leaves it.
        builder.environment().put("TMPDIR", folder.toString());
        Process process = builder.start();
        URI devTools = listening(process);
        HttpRequest newPage = HttpRequest.newBuilder(
                        URI.create("http://" + devTools.getHost() + ":" + devTools.getPort() + "/json/new?about:blank"))
                .PUT(BodyPublishers.noBody())
                .build();
        String page = HttpClient.newHttpClient()
                .send(newPage, BodyHandlers.ofString())
                .body();
        Browser browser = new Browser(
                process, folder, URI.create((String) JSON.std.mapFrom(page).get("webSocketDebuggerUrl")));
        browser.call("Page.navigate", Map.of("url", address.toString()));
        return browser;
    }

    private static URI listening(Process process) throws IOException {
        BufferedReader errors = process.errorReader();
        String line = errors.readLine();
        while (line != null && !line.startsWith(LISTENING)) {
            line = errors.readLine();
        }
        if (line == null) {
            throw new IOException("the browser ended with " + process.exitValue());
        }
        Thread drain = new Thread(() -> errors.lines().forEach(ignored -> {}), "browser-errors");
        drain.setDaemon(true);
        drain.start();
        return URI.create(line.substring(LISTENING.length()));
    }

    private final class Replies implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                take(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void take(String reply) {
            try {
                Map<String, Object> json = JSON.std.mapFrom(reply);
                if (json.get("id") instanceof Integer id) {
                    calls.remove(id).complete(json);
                }
            } catch (IOException e) {
                throw new AssertionError(reply, e);
            }
        }
    }

    private Map<?, ?> call(String method, Map<String, Object> parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<Map<String, Object>> reply = new CompletableFuture<>();
        calls.put(id, reply);
        try {
            socket.sendText(JSON.std.asString(Map.of("id", id, "method", method, "params", parameters)), true)
                    .join();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        Map<String, Object> json =
                reply.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        if (!(json.get("result") instanceof Map<?, ?> result) || result.containsKey("exceptionDetails")) {
            throw new AssertionError(method + ": " + json);
        }
        return result;
    }

    /** Sets the size of the screen, and whether it is dark. */
    void look(int width, int height, boolean phone, boolean dark) {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", phone ? 2 : 1, "mobile", phone));
        Map<String, Object> scheme = Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light");
        call("Emulation.setEmulatedMedia", Map.of("features", List.of(scheme)));
    }

    /** Returns the value of an expression; waits for a promise. */
    Object evaluate(String expression) {
        Map<?, ?> reply =
                call("Runtime.evaluate", Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
        return ((Map<?, ?>) reply.get("result")).get("value");
    }

    /** Waits until an expression is true. */
    void await(String condition) {
        evaluate("new Promise((resolve, reject) => { const end = Date.now() + 120000;"
                + " const look = () => { if (" + condition + ") resolve(true);"
                + " else if (Date.now() > end) reject(new Error(document.body?.innerText ?? 'no page'));"
                + " else setTimeout(look, 20); }; look(); })");
    }

    /** Presses a key where the focus is. */
    void press(String key, int code, String text) {
        call(
                "Input.dispatchKeyEvent",
                Map.of("type", "keyDown", "key", key, "windowsVirtualKeyCode", code, "text", text));
        call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "windowsVirtualKeyCode", code));
    }

    /** Writes a text where the focus is. */
    void write(String text) {
        call("Input.insertText", Map.of("text", text));
    }

    /** Keeps a picture of the page. */
    void photograph(Path file) throws IOException {
        Map<?, ?> picture = call("Page.captureScreenshot", Map.of("format", "png"));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, Base64.getDecoder().decode((String) picture.get("data")));
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
        delete(folder);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
