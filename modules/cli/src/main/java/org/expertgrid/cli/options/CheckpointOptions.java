package org.expertgrid.cli.options;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import org.expertgrid.cli.output.Output;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.kernels.Narrowing;
import org.expertgrid.kernels.WeightFormat;
import picocli.CommandLine.Option;

/** The options that name a whole model: its folder, and what its weights are kept as. */
public final class CheckpointOptions {
    private static final String STORED = "stored";

    @Option(
            names = "--checkpoint",
            paramLabel = "DIR",
            description = "A folder as Hugging Face publishes it: config.json, *.safetensors, tokenizer.json (the model"
                    + " that ships with Expertgrid).")
    private Path folder;

    @Option(
            names = "--weights-as",
            paramLabel = "TYPE",
            defaultValue = STORED,
            description =
                    "What weights are kept as: stored, float32, bf16, int8, int4, w8a8, w4a8 (${DEFAULT-VALUE}). w8a8 and"
                            + " w4a8 narrow the rows to 8 bits, too, which is faster for few rows, from JDK 21 on. int8, int4, w8a8 and"
                            + " w4a8 change the numbers; so does bf16 where more bits are stored.")
    private String weightsAs;

    /** Returns whether a folder was named. */
    public boolean isGiven() {
        return folder != null;
    }

    /** Returns the folder that was named, or that of the model that ships. */
    public Path folder() {
        return folder != null ? folder : shipped();
    }

    /** Returns the folder of the model that ships. */
    public static Path shipped() {
        return Path.of(System.getProperty("expertgrid.home", "."), "models", "tiny-austen");
    }

    /**
     * Returns what weights are to be kept as; nothing for what the checkpoint stores.
     *
     * @throws IllegalArgumentException if there is no such type
     */
    public Optional<WeightFormat> weightsAs() {
        return weightsAs(weightsAs);
    }

    static Optional<WeightFormat> weightsAs(String name) {
        if (name.equalsIgnoreCase(STORED)) {
            return Optional.empty();
        }
        Optional<WeightFormat> named = Narrowing.KEPT_AS.stream()
                .filter(format -> format.name().equalsIgnoreCase(name))
                .findFirst();
        String known = Narrowing.KEPT_AS.stream().map(Output::text).collect(Collectors.joining(", "));
        new Problems()
                .expect(named.isPresent(), "--weights-as", name, STORED + ", " + known)
                .throwIfAny();
        return named;
    }
}
