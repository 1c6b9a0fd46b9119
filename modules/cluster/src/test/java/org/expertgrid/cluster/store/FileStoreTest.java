package org.expertgrid.cluster.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.HazelcastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.expertgrid.cluster.Models;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.layout.ShardKey;
import org.expertgrid.cluster.layout.ShardSet;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.models.ModelStore;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.cluster.shards.ShardStore;
import org.expertgrid.cluster.wire.MessageBuffer;
import org.expertgrid.experts.weights.MatrixRole;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.PackedWeights;
import org.expertgrid.kernels.WeightMatrix;
import org.expertgrid.kernels.WeightTile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class FileStoreTest {
    private static final ShardKey KEY = new ShardKey(new UUID(1, 2), 2, 3, MatrixRole.FC2, 4, 5, 6);
    private static final WeightTile TILE = PackedWeights.pack(
                    WeightMatrix.of(Models.rows(3, 4, ElementType.FLOAT32)), Models.rows(1, 4, ElementType.FLOAT32))
            .tiles()
            .get(0);
    private static final List<String> NAMES = List.of(
            "ranker",
            "Ranker",
            "olmoe/0",
            "olmoe\\0",
            "..",
            ".",
            "a%002fb",
            "a/b",
            "con",
            "\u00e4\u4e2d\ud83d\ude00",
            "\ud800",
            "?",
            "\0",
            "a\nb",
            "x".repeat(5_000),
            "x".repeat(4_999) + "y",
            "/".repeat(300));

    private static EmbeddedCluster cluster;

    @TempDir
    private Path directory;

    private ShardStore shards;
    private ModelStore models;

    @BeforeAll
    static void startAMemberThatSerialises() {
        cluster = EmbeddedCluster.start(1);
    }

    @AfterAll
    static void stopIt() {
        cluster.close();
    }

    @BeforeEach
    void openStores() {
        shards = open(new ShardStore());
        models = open(new ModelStore());
    }

    private <T extends FileStore<?, ?>> T open(T store) {
        Properties properties = new Properties();
        properties.setProperty(FileStore.DIRECTORY, directory.toString());
        store.init(cluster.member(0), properties, "map");
        return store;
    }

    @Test
    void shardsComeBackAsTheyWere() {
        shards.store(KEY, TILE);
        WeightTile loaded = open(new ShardStore()).load(KEY);
        assertThat(loaded).usingRecursiveComparison().isEqualTo(TILE);
    }

    @Test
    void shardsAreLoadedOneByOneAndNeverAll() {
        shards.store(KEY, TILE);
        assertThat(shards.loadAllKeys()).isNull();
    }

    @Test
    void everyPartOfAKeyTellsShardsApart() {
        List<ShardKey> keys = List.of(
                KEY,
                new ShardKey(new UUID(1, 3), 2, 3, MatrixRole.FC2, 4, 5, 6),
                new ShardKey(new UUID(1, 2), 1, 3, MatrixRole.FC2, 4, 5, 6),
                new ShardKey(new UUID(1, 2), 2, 4, MatrixRole.FC2, 4, 5, 6),
                new ShardKey(new UUID(1, 2), 2, 3, MatrixRole.FC1, 4, 5, 6),
                new ShardKey(new UUID(1, 2), 2, 3, MatrixRole.FC2, 5, 5, 6),
                new ShardKey(new UUID(1, 2), 2, 3, MatrixRole.FC2, 4, 6, 6));
        assertThat(keys.stream().map(shards::file)).doesNotHaveDuplicates();
    }

    @Test
    void aShardThatIsNotThereIsNoneAndDeletingItIsNothing() {
        assertThat(shards.load(KEY)).isNull();
        assertThatCode(() -> shards.delete(KEY)).doesNotThrowAnyException();
    }

    @Test
    void theLastShardOfADeploymentTakesItsFolderAlong() throws IOException {
        ShardKey other = new ShardKey(KEY.deployment(), 0, 0, MatrixRole.FC1, 0, 0, 0);
        shards.store(KEY, TILE);
        shards.store(other, TILE);
        Files.createFile(shards.file(KEY).resolveSibling("left.shard.1" + EntryFile.UNFINISHED));
        shards.delete(KEY);
        assertThat(shards.file(KEY)).doesNotExist();
        assertThat(shards.load(other)).isNotNull();
        shards.delete(other);
        assertThat(directory.resolve("shards")).isEmptyDirectory();
    }

    @Test
    void aShardUnderAnothersNameIsRefused() throws IOException {
        ShardKey other = new ShardKey(KEY.deployment(), 0, 0, MatrixRole.FC1, 0, 0, 0);
        shards.store(KEY, TILE);
        Files.move(shards.file(KEY), shards.file(other));
        assertRefused(() -> shards.load(other), shards.file(other), "holds another entry");
    }

    @Test
    void aTileOfAnotherVersionIsRefusedByName() throws IOException {
        Files.createDirectories(shards.file(KEY).getParent());
        EntryFile.write(shards.file(KEY), shards.bytes(KEY), new byte[100]);
        assertRefused(() -> shards.load(KEY), shards.file(KEY), "tile version: 1 (expected: 2", "deploy it again");
    }

    @Test
    void aTileThatCannotBeIsRefusedThoughItsChecksumIsRight() throws IOException {
        Files.createDirectories(shards.file(KEY).getParent());
        EntryFile.write(shards.file(KEY), shards.bytes(KEY), new byte[15]);
        assertRefused(() -> shards.load(KEY), shards.file(KEY), "cannot be understood");
    }

    @Test
    void recordsOfAnyNameComeBackAsTheyWere() {
        ModelRecord record = record();
        NAMES.forEach(name -> models.store(name, record));
        ModelStore reopened = open(new ModelStore());
        assertThat(reopened.loadAllKeys()).containsExactlyInAnyOrderElementsOf(NAMES);
        Map<String, ModelRecord> loaded = reopened.loadAll(NAMES);
        assertThat(loaded).containsOnlyKeys(NAMES);
        assertThat(loaded.values()).allMatch(record::equals);
        NAMES.forEach(reopened::delete);
        assertThat(directory.resolve("models")).isEmptyDirectory();
    }

    @Test
    void namesAreFilesInOneFolderAlsoWhereUpperCaseDoesNotCount() {
        Set<String> files = new HashSet<>();
        for (String name : NAMES) {
            Path file = models.file(name);
            assertThat(file.normalize().getParent()).isEqualTo(directory.resolve("models"));
            assertThat(file.getFileName().toString()).isASCII().hasSizeLessThan(170);
            assertThat(files.add(file.toString().toLowerCase(Locale.ROOT)))
                    .as(name)
                    .isTrue();
        }
    }

    @Test
    void aDamagedRecordIsRefusedAndTheOthersAreThere() throws IOException {
        models.store("good", record());
        models.store("bad", record());
        models.store("renamed", record());
        Path bad = models.file("bad");
        Files.write(bad, new byte[] {1, 2, 3});
        Files.move(models.file("renamed"), models.file("elsewhere"));
        Files.createDirectory(models.file("folder"));

        assertThat(models.loadAllKeys()).containsExactly("good");
        assertThat(models.loadAll(List.of("good", "bad"))).containsOnlyKeys("good");
        assertRefused(() -> models.load("bad"), bad, "damaged, length: 3", "delete it and deploy the model again");
        assertRefused(() -> models.load("elsewhere"), models.file("elsewhere"), "holds another entry");
    }

    @Test
    void aRecordOfAnotherVersionCanBeDeletedAndTakesItsShardsAlong() throws IOException {
        ShardKey another = new ShardKey(new UUID(7, 8), 0, 0, MatrixRole.FC1, 0, 0, 0);
        shards.store(KEY, TILE);
        shards.store(another, TILE);
        byte[] record = MessageBuffer.withRoom(100)
                .putText("whatever")
                .putUuid(KEY.deployment())
                .putInt(3)
                .toArray();
        EntryFile.write(models.file("old"), models.bytes("old"), record);

        assertThat(models.loadAllKeys()).containsExactly("old");
        assertThat(models.load("old")).isEqualTo(models.load("old")).matches(ModelRecord::isOfOtherVersion);
        models.store("old", models.load("old").removing());
        models.delete("old");

        assertThat(models.file("old")).doesNotExist();
        assertThat(shards.file(KEY).getParent()).doesNotExist();
        assertThat(shards.load(another)).isNotNull();
    }

    @Test
    void aRecordThatCannotBeUnderstoodIsRefused() throws IOException {
        EntryFile.write(models.file("short"), models.bytes("short"), new byte[3]);
        assertRefused(() -> models.load("short"), models.file("short"), "cannot be understood");
    }

    @Test
    void anEntryThatCannotBeWrittenIsRefusedAndNamed() throws IOException {
        Path folder = Files.createFile(shards.file(KEY).getParent());
        assertRefused(() -> shards.store(KEY, TILE), shards.file(KEY), "cannot be written");
        assertThatCode(() -> shards.delete(KEY)).doesNotThrowAnyException();
        assertThat(folder).isRegularFile();
    }

    @Test
    void aStoreWhoseFolderIsGoneLosesNothingAndIsNotWrittenElsewhere() throws IOException {
        ModelRecord record = record();
        shards.store(KEY, TILE);
        models.store("ranker", record);
        Path gone = directory.resolveSibling("gone");
        Files.move(directory, gone);
        assertRefused(() -> shards.load(KEY), shards.file(KEY), "cannot be read", "mount it again");
        assertRefused(() -> models.load("ranker"), models.file("ranker"), "cannot be read", "mount it again");
        assertRefused(() -> shards.store(KEY, TILE), shards.file(KEY), "cannot be written", "mount it again");
        assertRefused(() -> models.store("ranker", record), models.file("ranker"), "cannot be written");
        assertRefused(() -> models.delete("ranker"), models.file("ranker"), "cannot be deleted");
        assertThat(directory).doesNotExist();

        Files.move(gone, directory);
        assertThat(shards.load(KEY)).isNotNull();
        assertThat(models.load("ranker")).isEqualTo(record);
    }

    @Test
    void anEmptyDirectoryInItsPlaceIsNoStore() throws IOException {
        Files.delete(directory.resolve("shards"));
        assertRefused(() -> shards.load(KEY), shards.file(KEY), "cannot be read", directory.resolve("shards") + " (");
        assertRefused(() -> shards.store(KEY, TILE), shards.file(KEY), "cannot be written");
        assertThat(directory.resolve("shards")).doesNotExist();
    }

    @Test
    void thatAModelIsOnItsWayOutIsNotRefusedAlsoWhereItCannotBeWritten() throws IOException {
        Files.delete(directory.resolve("models"));
        Files.createFile(directory.resolve("models"));
        assertRefused(() -> models.store("ranker", record().ready()), models.file("ranker"), "cannot be written");
        assertThatCode(() -> models.store("ranker", record().removing())).doesNotThrowAnyException();
    }

    @Test
    void aRecordWhoseFileStaysIsNotDeleted() throws IOException {
        Path file = Files.createDirectory(models.file("stays"));
        Files.createFile(file.resolve("something"));
        assertRefused(() -> models.delete("stays"), file, "cannot be deleted");
    }

    @Test
    void anUnfinishedFileOfACrashIsNoEntryAndIsDeletedLater() throws IOException {
        shards.store(KEY, TILE);
        models.store("ranker", record());
        Path now = Files.createFile(directory.resolve("models").resolve("now.model.1" + EntryFile.UNFINISHED));
        List<Path> left = List.of(
                Files.createFile(directory.resolve("models").resolve("left.model.1" + EntryFile.UNFINISHED)),
                Files.createFile(shards.file(KEY).resolveSibling("left.shard.1" + EntryFile.UNFINISHED)),
                Files.createFile(
                        Files.createDirectory(directory.resolve("shards").resolve("dead"))
                                .resolve("left.shard.2" + EntryFile.UNFINISHED)));
        for (Path file : left) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        }
        assertThat(models.loadAllKeys()).containsExactly("ranker");

        openStores();

        assertThat(left).noneMatch(Files::exists);
        assertThat(directory.resolve("shards").resolve("dead")).doesNotExist();
        assertThat(now).exists();
        assertThat(models.loadAllKeys()).containsExactly("ranker");
        assertThat(shards.load(KEY)).isNotNull();
    }

    @Test
    void aDirectoryThatCannotBeUsedIsNamed() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        Properties properties = new Properties();
        assertThatThrownBy(() -> new ShardStore().init(cluster.member(0), properties, "map"))
                .hasMessageContaining("no property directory");
        properties.setProperty(FileStore.DIRECTORY, file.toString());
        assertRefused(
                () -> new ShardStore().init(cluster.member(0), properties, "map"),
                file,
                "cannot be used",
                "expected: ");
    }

    private static ModelRecord record() {
        ModelDefinition definition = Models.definition(ModelDefinition.Kind.MOE, 2, Exchange.CONCAT, 3);
        return ModelRecord.deploying(definition, new ShardSet(new UUID(7, 8), List.of(3, 1, 2), 3));
    }

    private static void assertRefused(Runnable operation, Path file, String... parts) {
        assertThatThrownBy(operation::run)
                .isExactlyInstanceOf(HazelcastException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContainingAll(parts);
    }
}
