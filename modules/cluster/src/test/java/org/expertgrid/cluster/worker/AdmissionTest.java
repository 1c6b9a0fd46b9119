package org.expertgrid.cluster.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Cleaner.Cleanable;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final int MEBIBYTE = 1 << 20;

    @Test
    void tasksAreLetInUntilAllPlacesAreTaken() {
        Admission room = new Admission(2, 100L * MEBIBYTE);
        Object task = new Object();
        Cleanable first = room.admit(task, 1);
        assertThat(room.admit(task, 1)).isNotNull();
        assertThat(room.admit(task, 1)).isNull();
        first.clean();
        first.clean();
        assertThat(room.admit(task, 1)).isNotNull();
        assertThat(room.admit(task, 1)).isNull();
    }

    @Test
    void tasksAreLetInUntilTheirCopiesTakeAllTheMemory() {
        Admission room = new Admission(100, 10L * MEBIBYTE);
        Object task = new Object();
        List<Cleanable> places =
                List.of(room.admit(task, MEBIBYTE), room.admit(task, MEBIBYTE), room.admit(task, MEBIBYTE));
        assertThat(room.admit(task, MEBIBYTE)).isNull();
        assertThat(room).hasToString("3 tasks wait, with 9 MiB (room for 100, with 10 MiB)");
        places.forEach(Cleanable::clean);
        assertThat(room.admit(task, MEBIBYTE)).isNotNull();
    }

    @Test
    void aTaskThatIsLargerThanTheRoomIsLetInAlone() {
        Admission room = new Admission(100, MEBIBYTE);
        Object task = new Object();
        Cleanable alone = room.admit(task, Integer.MAX_VALUE);
        assertThat(alone).isNotNull();
        assertThat(room.admit(task, 1)).isNull();
        alone.clean();
        assertThat(room.admit(task, 1)).isNotNull();
    }

    @Test
    void aTaskThatIsDroppedWithoutHavingRunGivesItsPlaceBack() {
        Admission room = new Admission(1, MEBIBYTE);
        assertThat(room.admit(new Object(), 1)).isNotNull();
        Object task = new Object();
        Awaitility.await().pollInterval(Duration.ofMillis(20)).until(() -> {
            System.gc();
            return room.admit(task, 1) != null;
        });
    }
}
