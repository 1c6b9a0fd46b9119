package org.expertgrid.decoder.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.expertgrid.checkpoints.config.Config;
import org.expertgrid.checkpoints.config.ConfigReader;
import org.expertgrid.decoder.rotary.Rotary;
import org.expertgrid.decoder.rotary.RotaryAngles;
import org.expertgrid.decoder.rotary.RotaryFrequencies;
import org.junit.jupiter.api.Test;

/** The expected frequencies are those of the same formulas in Python. */
class RotaryReaderTest {
    private static Rotary read(int dimensions, double base, Map<String, ?> scaling) {
        return RotaryReader.read(config(base, scaling), dimensions, false);
    }

    private static ConfigReader config(double base, Map<String, ?> scaling) {
        Map<String, Object> fields = new HashMap<>();
        fields.put("rope_theta", base);
        fields.put("rope_scaling", scaling);
        fields.put("max_position_embeddings", 131072);
        return Config.of(Path.of("config.json"), fields).reader();
    }

    private static void expect(RotaryFrequencies found, double... expected) {
        assertThat(found.pairs()).isEqualTo(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(found.inverse(i)).as("pair " + i).isCloseTo(expected[i], within(1e-12 * expected[i]));
        }
    }

    @Test
    void linearDividesEveryFrequency() {
        Rotary rotary = read(8, 10000, Map.of("rope_type", "linear", "factor", 4.0));
        expect(rotary.usual(), 0.25, 0.025, 0.0025, 0.00025);
        assertThat(rotary.usual().magnitude()).isEqualTo(1);
    }

    @Test
    void llama3DividesSlowFrequenciesAlone() {
        Rotary rotary = read(
                16,
                500000,
                Map.of(
                        "rope_type", "llama3",
                        "factor", 8.0,
                        "low_freq_factor", 1.0,
                        "high_freq_factor", 4.0,
                        "original_max_position_embeddings", 8192));
        expect(
                rotary.usual(),
                1.0,
                0.19392274474868576,
                0.03760603093086393,
                0.007292664737217109,
                0.0005248461609929547,
                3.428102195952591e-05,
                6.647869871181235e-06,
                1.2891731721515574e-06);
    }

    @Test
    void yarnMixesFrequenciesBetweenWholePairs() {
        Rotary rotary = read(
                16,
                10000,
                Map.of(
                        "type", "yarn",
                        "factor", 40,
                        "beta_fast", 32,
                        "beta_slow", 1,
                        "mscale", 0.707,
                        "original_max_position_embeddings", 4096));
        expect(
                rotary.usual(),
                1.0,
                0.31622776601683794,
                0.1,
                0.023914724805023366,
                0.005125,
                0.000849862121170252,
                2.5e-05,
                7.905694150420949e-06);
        assertThat(rotary.usual().magnitude()).isCloseTo(1.2608037774058554, within(1e-12));
    }

    @Test
    void yarnWithoutTruncationMixesFrequenciesBetweenParts() {
        Rotary rotary = read(
                16,
                150000,
                Map.of(
                        "rope_type",
                        "yarn",
                        "factor",
                        32.0,
                        "truncate",
                        false,
                        "original_max_position_embeddings",
                        4096));
        expect(
                rotary.usual(),
                1.0,
                0.22541800020287084,
                0.050813274815461475,
                0.006794959489732219,
                0.00045648391922324086,
                1.818833668168956e-05,
                4.09997848180298e-06,
                9.242089502428302e-07);
    }

    @Test
    void longropeHasOtherFactorsForSequencesBeyondTheOriginalLength() {
        Rotary rotary = read(
                4,
                10000,
                Map.of(
                        "rope_type",
                        "longrope",
                        "short_factor",
                        List.of(1.0, 2),
                        "long_factor",
                        List.of(4.0, 8.0),
                        "original_max_position_embeddings",
                        4096));
        expect(rotary.usual(), 1.0, 0.005);
        expect(rotary.longer(), 0.25, 0.00125);
        assertThat(rotary.usual().magnitude()).isCloseTo(1.1902380714238083, within(1e-12));
        assertThat(rotary.usualPositions()).isEqualTo(4096);
    }

    @Test
    void anUnknownKindAndMissingFieldsAreNamedTogether() {
        ConfigReader longrope = config(10000, Map.of("rope_type", "longrope"));
        RotaryReader.read(longrope, 4, false);
        assertThatThrownBy(longrope::throwIfAny)
                .hasMessage("config.json: "
                        + "rope_scaling.original_max_position_embeddings: missing (expected: an integer of at least 1); "
                        + "rope_scaling.short_factor: missing (expected: 2 factors); "
                        + "rope_scaling.long_factor: missing (expected: 2 factors)");
        ConfigReader spiral = config(10000, Map.of("type", "spiral"));
        RotaryReader.read(spiral, 4, false);
        assertThatThrownBy(spiral::throwIfAny)
                .hasMessage("config.json: "
                        + "rope_scaling.rope_type: spiral (expected: default, linear, llama3, yarn or longrope)");
    }

    @Test
    void aPairIsTurnedByItsAngle() {
        RotaryAngles halves = new RotaryAngles(new Rotary(false, RotaryFrequencies.plain(4, 10000)), 1);
        RotaryAngles neighbours = new RotaryAngles(new Rotary(true, RotaryFrequencies.plain(4, 10000)), 1);
        halves.set(0, 3, 10);
        neighbours.set(0, 3, 10);
        float[] first = {1, 0, 0, 1};
        float[] second = {1, 0, 0, 1};
        halves.rotate(first, 0, 0);
        neighbours.rotate(second, 0, 0);
        assertThat(first)
                .containsExactly(
                        new float[] {
                            (float) Math.cos(3), (float) -Math.sin(0.03), (float) Math.sin(3), (float) Math.cos(0.03)
                        },
                        within(1e-6f));
        assertThat(second)
                .containsExactly(
                        new float[] {
                            (float) Math.cos(3), (float) Math.sin(3), (float) -Math.sin(0.03), (float) Math.cos(0.03)
                        },
                        within(1e-6f));
    }
}
