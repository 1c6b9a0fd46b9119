package org.expertgrid.cli.commands;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.expertgrid.cli.CommandRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code serve} refuses before it starts anything. */
class ServeCommandTest {
    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            CommandRun.of("serve --port", taken.getLocalPort())
                    .assertRefused("127.0.0.1:" + taken.getLocalPort(), "expected: ", "a free port");
        }
    }

    @Test
    void anAddressOfAnotherMachineIsNamed() {
        CommandRun.of("serve --port 0 --host 192.0.2.1").assertRefused("192.0.2.1", "an address of this machine");
    }

    @Test
    void aKeyIsGivenInOneWay() {
        CommandRun.of("serve --api-key a --api-key-file b").assertRefused("--api-key", "--api-key-file");
    }

    @Test
    void aKeyFileMustBeThereAndHaveAKey(@TempDir Path folder) throws IOException {
        CommandRun.of("serve --api-key-file", folder.resolve("none")).assertRefused("none: no such file");
        Path empty = Files.writeString(folder.resolve("empty"), "\n");
        CommandRun.of("serve --api-key-file", empty).assertRefused("apiKey: ''");
    }

    @Test
    void aPlaceIsOnlyOne() {
        CommandRun.of("serve --port 0 --local --members 2").assertRefused("one of --embedded, --members, --local");
    }

    @Test
    void theNameOfADeployedModelNeedsACluster() {
        CommandRun.of("serve --port 0 --model austen").assertRefused("--model: austen (expected: --cluster with it)");
    }

    @Test
    void aFolderWithoutAModelIsNamed(@TempDir Path folder) {
        CommandRun.of("serve --port 0 --checkpoint", folder).assertRefused(folder.toString(), "config.json");
    }
}
