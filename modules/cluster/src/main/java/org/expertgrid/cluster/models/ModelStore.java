package org.expertgrid.cluster.models;

import com.hazelcast.core.HazelcastException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.expertgrid.cluster.layout.ShardSet;
import org.expertgrid.cluster.shards.ShardStore;
import org.expertgrid.cluster.store.EntryFile;
import org.expertgrid.cluster.store.FileStore;
import org.expertgrid.cluster.store.FilesById;
import org.expertgrid.experts.errors.BadFileException;

/**
 * Keeps model records in files, as {@link ModelRecordSerializer} writes them; named in the configuration of every member that has a
 * store ({@link org.expertgrid.cluster.ExpertgridConfig#storeIn}). All records are read when the map of models is first used.
 *
 * <p>Safe for use by many threads.
 */
public final class ModelStore extends FileStore<String, ModelRecord> {
    private static final String SUFFIX = ".model";
    /** Leaves room, in the 255 bytes that file systems allow, for what a file is called until it is finished. */
    private static final int LONGEST_NAME = 160;

    private final ModelRecordSerializer serializer = new ModelRecordSerializer();

    /** For Hazelcast. */
    public ModelStore() {
        super("models", "put back a copy of it, or delete it and deploy the model again");
    }

    @Override
    public Path file(String name) {
        return folder().resolve(fileName(name));
    }

    /**
     * Returns a file name that no other model has, whatever characters there are, and however many, and also where file names
     * are the same in upper and lower case.
     */
    static String fileName(String name) {
        StringBuilder text = new StringBuilder();
        for (char c : name.toCharArray()) {
            boolean plain = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_';
            text.append(plain ? Character.toString(c) : String.format("%%%04x", (int) c));
        }
        if (text.length() > LONGEST_NAME) {
            String digest = "~" + digest(text.toString());
            text.setLength(LONGEST_NAME - digest.length());
            text.append(digest);
        }
        return text + SUFFIX;
    }

    private static String digest(String text) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has it", e);
        }
    }

    @Override
    public byte[] bytes(String name) {
        ByteBuffer bytes = ByteBuffer.allocate(name.length() * Character.BYTES);
        bytes.asCharBuffer().put(name);
        return bytes.array();
    }

    /** Writes a record; that a model is on its way out is not refused, since what would make room may be its own shards. */
    @Override
    public void store(String name, ModelRecord record) {
        try {
            super.store(name, record);
        } catch (HazelcastException e) {
            if (record.state() != ModelRecord.State.REMOVING) {
                throw e;
            }
        }
    }

    @Override
    protected byte[][] parts(ModelRecord record) {
        return new byte[][] {serializer.write(record)};
    }

    @Override
    protected ModelRecord value(byte[] bytes) throws IOException {
        return ModelRecordSerializer.isOfThisVersion(bytes)
                ? serializer.read(bytes)
                : OtherVersions.record(bytes, ids());
    }

    private Set<UUID> ids() throws IOException {
        Set<UUID> ids = new TreeSet<>();
        for (FilesById files : shardsAndRouters()) {
            ids.addAll(files.ids());
        }
        return ids;
    }

    private List<FilesById> shardsAndRouters() {
        return List.of(
                new FilesById(folder().resolveSibling(ShardStore.FOLDER)),
                new FilesById(folder().resolveSibling(RouterStore.FOLDER)));
    }

    /**
     * Deletes a record, and the shards and routers of one of another version, whose keys are not known. A record whose file stays is not
     * deleted from memory either, since it would come back from there.
     */
    @Override
    public void delete(String name) {
        Path file = file(name);
        try {
            checkFolder();
            for (UUID id : idsWithoutKeys(file)) {
                for (FilesById files : shardsAndRouters()) {
                    files.delete(id);
                }
            }
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw refused(file, file + ": cannot be deleted: " + e);
        }
    }

    /** Returns nothing for a damaged record: what belongs to it is not known. */
    private List<UUID> idsWithoutKeys(Path file) throws IOException {
        try {
            Optional<EntryFile> entry = EntryFile.read(file);
            if (entry.isEmpty()) {
                return List.of();
            }
            ModelRecord record = value(entry.get().value());
            return record.definition().layers().isEmpty()
                    ? record.allSets().stream().map(ShardSet::deployment).toList()
                    : List.of();
        } catch (RuntimeException unreadable) {
            return List.of();
        }
    }

    /** Returns the names of all models whose records can be read; never throws, or no model could be used. */
    @Override
    public Iterable<String> loadAllKeys() {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(), "*" + SUFFIX)) {
            for (Path file : files) {
                addName(file, names);
            }
        } catch (IOException | DirectoryIteratorException e) {
            tell(folder(), folder() + ": cannot be read: " + e);
        }
        return names;
    }

    private void addName(Path file, List<String> names) {
        try {
            EntryFile.read(file).ifPresent(entry -> {
                String name = ByteBuffer.wrap(entry.key()).asCharBuffer().toString();
                if (!file(name).equals(file)) {
                    throw renamed(file);
                }
                names.add(name);
            });
        } catch (BadFileException e) {
            tell(file, advised(e));
        }
    }
}
