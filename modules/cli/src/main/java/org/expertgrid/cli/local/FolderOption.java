package org.expertgrid.cli.local;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option for the {@link ClusterFolder}. */
public final class FolderOption {
    @Option(
            names = "--folder",
            paramLabel = "DIR",
            defaultValue = "${env:EXPERTGRID_FOLDER:-${sys:user.home}/.expertgrid/cluster}",
            description =
                    "The folder with the list of members that 'cluster start' left running, and their logs (${DEFAULT-VALUE}).")
    private Path folder;

    public ClusterFolder folder() {
        return new ClusterFolder(folder.toAbsolutePath());
    }
}
