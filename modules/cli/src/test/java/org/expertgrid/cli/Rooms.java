package org.expertgrid.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The packages of one module, as floors: the first floor is the ground, and a room uses only rooms on the floors before its own.
 *
 * @param module the module's name
 * @param floors the rooms of each floor; a dot in the table, which is the empty name, stands for the module's own package
 * @param open the rooms that other modules may use
 */
record Rooms(String module, List<Set<String>> floors, Set<String> open) {
    /** One line for each floor, and one for the rooms that are API. To add a room, add its name. */
    static final List<Rooms> OF_ALL_MODULES = List.of(
            new Rooms(
                    "kernels",
                    floors(".", "packed", "plain vector.wide ojalgo", "vector.narrow", "vector", "choice"),
                    rooms(". choice")),
            new Rooms(
                    "experts",
                    floors("errors", "numpy threads", "routing", "weights", "ranks", "layers", "."),
                    rooms("errors numpy threads weights routing ranks layers")),
            new Rooms(
                    "checkpoints",
                    floors("safetensors config npy narrowing", "families", "weights", "."),
                    rooms(". safetensors config families weights npy narrowing")),
            new Rooms(
                    "cluster",
                    floors(
                            "errors",
                            "options",
                            "status",
                            "grid workarounds",
                            "layout",
                            "wire",
                            "store",
                            "shards",
                            "models",
                            "worker dispatch",
                            "inspection deploying",
                            "upkeep",
                            ".",
                            "local"),
                    rooms(". errors options status local")),
            new Rooms(
                    "decoder",
                    floors(
                            "python rotary sampling caches",
                            "filters architecture",
                            "templates dense",
                            "tokens attention",
                            "grammar .",
                            "batching",
                            "generation"),
                    rooms(". architecture caches python sampling tokens templates grammar batching generation")),
            new Rooms(
                    "server",
                    floors("openai metrics", "answers", "sessions", "replies page", "http", "."),
                    rooms(". answers http metrics openai page sessions")),
            new Rooms(
                    "cli",
                    floors("output", "seed", "options", "local watch", "commands", "."),
                    rooms("output seed options local watch")),
            new Rooms("chaos", floors("faults", "load", "cluster", "."), rooms(".")),
            new Rooms(
                    "benchmarks",
                    floors("report", "peers", "kernels layer memory", "cluster", "model", "."),
                    rooms(".")));

    private static List<Set<String>> floors(String... floors) {
        return Arrays.stream(floors).map(Rooms::rooms).toList();
    }

    private static Set<String> rooms(String names) {
        return Arrays.stream(names.split(" "))
                .map(name -> name.equals(".") ? "" : name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the rooms of the module that a package belongs to. */
    static Optional<Rooms> ofPackage(String packageName) {
        return OF_ALL_MODULES.stream()
                .filter(rooms -> (packageName + ".").startsWith(rooms.packageName() + "."))
                .findFirst();
    }

    String packageName() {
        return "org.expertgrid." + module;
    }

    /** Returns the name of the room that a package of this module is. */
    String room(String packageName) {
        return packageName.equals(packageName())
                ? ""
                : packageName.substring(packageName().length() + 1);
    }

    /** Returns the number of a package's floor, or -1 where the package is not in the table. */
    int floor(String packageName) {
        for (int floor = 0; floor < floors.size(); floor++) {
            if (floors.get(floor).contains(room(packageName))) {
                return floor;
            }
        }
        return -1;
    }

    boolean isOpen(String packageName) {
        return open.contains(room(packageName));
    }
}
