package org.expertgrid.server.openai;

/**
 * Whether an answer comes in pieces.
 *
 * @param wanted whether it does; where the request does not say, it comes whole
 * @param withUsage whether a last piece has the numbers of tokens
 */
public record Streaming(boolean wanted, boolean withUsage) {
    static Streaming read(Fields fields) {
        boolean wanted = fields.flag("stream");
        boolean withUsage = fields.object("stream_options")
                .map(options -> {
                    boolean usage = options.flag("include_usage");
                    options.flag("include_obfuscation");
                    options.refuseOthers();
                    return usage;
                })
                .orElse(false);
        if (!wanted && fields.value("stream_options") != null) {
            fields.problem("stream_options", fields.value("stream_options"), "nothing unless stream is true");
        }
        return new Streaming(wanted, withUsage);
    }
}
