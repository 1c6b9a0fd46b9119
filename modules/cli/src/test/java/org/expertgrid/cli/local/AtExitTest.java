package org.expertgrid.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AtExitTest {
    @Test
    void aResourceThatCannotBeClosedIsNamedAndTheOthersAreClosedInOrder() {
        List<String> closed = new ArrayList<>();
        StringWriter err = new StringWriter();

        Resources resources = new Resources();
        resources.add(() -> closed.add("model"));
        resources.add(() -> {
            throw new NoClassDefFoundError("org/example/Missing");
        });
        resources.add(() -> {
            throw new IllegalStateException("the cluster has gone");
        });
        resources.add(() -> closed.add("server"));

        AtExit.closeAll(new PrintWriter(err), resources);

        assertThat(closed).containsExactly("server", "model");
        assertThat(err.toString().lines())
                .containsExactly(
                        "expertgrid: while stopping: java.lang.IllegalStateException: the cluster has gone",
                        "expertgrid: while stopping: java.lang.NoClassDefFoundError: org/example/Missing");
    }
}
