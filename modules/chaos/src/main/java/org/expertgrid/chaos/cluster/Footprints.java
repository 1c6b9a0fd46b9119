package org.expertgrid.chaos.cluster;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.expertgrid.cli.output.Table;

/**
 * The footprints of members before a load and after its end.
 *
 * @param before each member at the beginning
 * @param after each member at the end
 */
public record Footprints(List<Footprint> before, List<Footprint> after) {
    private static final double MEGABYTE = 1 << 20;

    /** Returns a row for each member at the end. The cells of the beginning are empty for members that joined later. */
    public Table table() {
        Table table = new Table("member", "live heap MB", "then", "threads", "then", "open files and sockets", "then");
        Map<String, Footprint> begun =
                before.stream().collect(Collectors.toMap(Footprint::address, Function.identity()));
        for (Footprint end : after) {
            Footprint start = begun.get(end.address());
            table.add(
                    end.address(),
                    start == null ? Double.NaN : start.heapBytes() / MEGABYTE,
                    end.heapBytes() / MEGABYTE,
                    number(start, Footprint::threads),
                    end.threads(),
                    number(start, Footprint::handles),
                    end.handles());
        }
        return table;
    }

    private static String number(Footprint footprint, ToLongFunction<Footprint> number) {
        return footprint == null ? "" : Long.toString(number.applyAsLong(footprint));
    }
}
