package org.expertgrid.benchmarks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LoopbackBytesTest {
    @Test
    void theReceivedBytesOfLoopbackAreRead() {
        String counters = """
                Inter-|   Receive                                                |  Transmit
                 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs
                    lo: 123456     100    0    0    0     0          0         0 123456     100    0
                  eth0: 999        1    0    0    0     0          0         0 999        1    0
                """;
        assertThat(LoopbackBytes.parse(counters)).isEqualTo(123456);
    }

    @Test
    void withoutALoopbackInterfaceThereIsNothing() {
        assertThat(LoopbackBytes.parse("eth0: 999 1")).isZero();
    }
}
