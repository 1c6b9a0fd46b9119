package org.expertgrid.cli.options;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.expertgrid.experts.errors.Problems;
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
                            + " w4a8 narrow the rows to 8 bits, too, which is faster. All from int8 on change the"
                            + " numbers; so does bf16 where more bits are stored.")
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
        return switch (name.toLowerCase(Locale.ROOT)) {
            case STORED -> Optional.empty();
            case "float32" -> Optional.of(WeightFormat.FLOAT32);
            case "bf16" -> Optional.of(WeightFormat.BF16);
            case "int8" -> Optional.of(WeightFormat.INT8);
            case "int4" -> Optional.of(WeightFormat.INT4);
            case "w8a8" -> Optional.of(WeightFormat.W8A8);
            case "w4a8" -> Optional.of(WeightFormat.W4A8);
            default -> {
                new Problems()
                        .expect(false, "--weights-as", name, "stored, float32, bf16, int8, int4, w8a8 or w4a8")
                        .throwIfAny();
                yield Optional.empty();
            }
        };
    }
}
