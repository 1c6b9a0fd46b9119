package org.expertgrid.benchmarks;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** What a command printed and how it ended. */
public record Commands(int exitCode, String out, String err) {
    public static Commands run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Commands(exitCode, out.toString(), err.toString());
    }

    /** Returns the runs in the JSON object that is the last line of the output. */
    @SuppressWarnings("unchecked")
    public List<Map<String, Object>> runs() {
        return (List<Map<String, Object>>) json().get("runs");
    }

    /** Returns the JSON object that is the last line of the output. */
    public Map<String, Object> json() {
        List<String> lines = out.lines().toList();
        try {
            return JSON.std.mapFrom(lines.get(lines.size() - 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
