package org.expertgrid.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Java has no types of primitives to be general over, so each loop stands twice; what is done to one is to be done to the other. */
class TwinsTest {
    @ParameterizedTest
    @ValueSource(strings = {"vector/wide/Vector@", "vector/wide/@Tiles", "plain/Plain@"})
    void floatsAreComputedAsDoublesAre(String name) throws IOException {
        String number = name.endsWith("@") ? "%ss" : "%s";
        String doubles = source(name.replace("@", String.format(number, "Double")));
        String floats = source(name.replace("@", String.format(number, "Float")));

        assertThat(withoutLayout(inFloats(doubles))).isEqualTo(withoutLayout(floats));
    }

    private static String source(String name) throws IOException {
        String whole = Files.readString(
                Path.of("src", "main", "java", "org", "expertgrid", "kernels").resolve(name + ".java"));
        return whole.substring(whole.indexOf("final class"));
    }

    private static String inFloats(String doubles) {
        return doubles.replace("double", "float")
                .replace("Double", "Float")
                .replace("DOUBLE", "FLOAT")
                .replace("0.0", "0.0f");
    }

    /** Shorter names leave other places to break lines at. */
    private static String withoutLayout(String source) {
        return source.replaceAll("\\s+", "");
    }
}
