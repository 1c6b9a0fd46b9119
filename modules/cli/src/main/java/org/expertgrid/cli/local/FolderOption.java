package org.expertgrid.cli.local;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that says where the local cluster that stays is written down. */
public final class FolderOption {
    @Option(
            names = "--folder",
            paramLabel = "DIR",
            defaultValue = "${env:EXPERTGRID_FOLDER:-${sys:user.home}/.expertgrid/cluster}",
            description = "Where 'cluster start' writes down what it started, and its logs (${DEFAULT-VALUE}).")
    private Path folder;

    public ClusterFolder folder() {
        return new ClusterFolder(folder.toAbsolutePath());
    }
}
