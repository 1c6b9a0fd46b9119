package org.expertgrid.benchmarks.kernels;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.expertgrid.cli.output.Output;
import org.expertgrid.kernels.WeightFormat;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a format that is computed in float32; {@code fp8} is the short name of {@code fp8_e4m3}. */
final class WeightFormatConverter implements ITypeConverter<WeightFormat> {
    private static final Set<WeightFormat> FORMATS = EnumSet.complementOf(EnumSet.of(WeightFormat.FLOAT64));

    @Override
    public WeightFormat convert(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        return FORMATS.stream()
                .filter(format -> name.equals(shortName(format)) || name.equals(Output.text(format)))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + text + "' (expected: one of "
                        + FORMATS.stream().map(WeightFormatConverter::shortName).collect(Collectors.joining(", "))
                        + ")"));
    }

    private static String shortName(WeightFormat format) {
        return format == WeightFormat.FP8_E4M3 ? "fp8" : Output.text(format);
    }
}
