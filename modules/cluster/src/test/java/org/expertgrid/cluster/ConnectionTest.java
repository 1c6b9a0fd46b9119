package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.client.config.ClientConfig;
import java.util.List;
import org.expertgrid.cluster.errors.RefusedException;
import org.junit.jupiter.api.Test;

/** Clients whose cluster is not there. */
class ConnectionTest {
    @Test
    void aClusterThatDoesNotAnswerIsNamed() {
        ClientConfig config = ExpertgridConfig.client().setClusterName("absent");
        config.getNetworkConfig().setAddresses(List.of("127.0.0.1:1"));
        config.getConnectionStrategyConfig().getConnectionRetryConfig().setClusterConnectTimeoutMillis(1000);

        assertThatThrownBy(() -> Connection.to(config))
                .isInstanceOf(RefusedException.class)
                .hasMessage("cluster 'absent': no answer from 127.0.0.1:1 within 1 s"
                        + " (expected: a running member of a cluster of that name)");
    }
}
