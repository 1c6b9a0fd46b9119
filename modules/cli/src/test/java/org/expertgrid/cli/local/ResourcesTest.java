package org.expertgrid.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourcesTest {
    private final List<String> closed = new ArrayList<>();
    private final Resources resources = new Resources();

    @Test
    void theLastResourceIsClosedFirstAndEachOnce() {
        resources.add(() -> closed.add("first"));
        resources.add(() -> closed.add("second"));

        resources.close();
        resources.close();

        assertThat(closed).containsExactly("second", "first");
    }

    @Test
    void aResourceThatCannotBeClosedKeepsNoOtherOpen() {
        resources.add(() -> closed.add("first"));
        resources.add(() -> {
            throw new IOException("second");
        });
        resources.add(() -> {
            throw new IllegalArgumentException("third");
        });

        assertThatThrownBy(resources::close)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("third")
                .hasSuppressedException(new IOException("second"));
        assertThat(closed).containsExactly("first");
    }

    @Test
    void theExceptionThatEndedTheWorkKeepsThoseOfClosing() {
        resources.add(() -> {
            throw new IOException("cannot be closed");
        });
        IllegalStateException ended = new IllegalStateException("ended");

        resources.closeAfter(ended);

        assertThat(ended).hasSuppressedException(new IOException("cannot be closed"));
    }
}
