package org.expertgrid.cluster.store;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.MapLoaderLifecycleSupport;
import com.hazelcast.map.MapStore;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.experts.errors.ExpertgridException;

/**
 * Keeps the entries of a map in a directory that all members share, one {@link EntryFile} each. Hazelcast calls it where an entry is
 * written or is asked for and not in memory, on threads that may wait for disks; an operation that it refuses fails for its caller
 * and changes nothing in memory.
 *
 * <p>Safe for use by many threads, and by many members.
 *
 * @param <K> the map's keys
 * @param <V> its values
 */
public abstract class FileStore<K, V> implements MapStore<K, V>, MapLoaderLifecycleSupport {
    /** The property of the map store's configuration that names the directory. */
    public static final String DIRECTORY = "directory";

    private static final Logger LOGGER = System.getLogger(FileStore.class.getName());
    /** Writing one takes seconds at the most: what has been unfinished this long was left by a member that died. */
    private static final Duration LEFT_OVER = Duration.ofMinutes(10);

    private final String folderName;
    private final String advice;
    private final Set<Path> told = ConcurrentHashMap.newKeySet();
    private Path folder;

    /**
     * Takes the name of the folder in the directory, and the advice for a damaged file in it.
     */
    public FileStore(String folderName, String advice) {
        this.folderName = folderName;
        this.advice = advice;
    }

    /** Returns the file of an entry. */
    protected abstract Path file(K key);

    /** Returns a key as it is written down. */
    protected abstract byte[] bytes(K key);

    /** Returns a value as it is written down, in parts that follow each other. */
    protected abstract byte[][] parts(V value) throws IOException;

    /** Reads back a value; may throw anything where it cannot be understood. */
    protected abstract V value(byte[] bytes) throws IOException;

    /** Returns the folder below which all files are. */
    protected final Path folder() {
        return folder;
    }

    @Override
    public void init(HazelcastInstance hazelcast, Properties properties, String mapName) {
        String directory = properties.getProperty(DIRECTORY);
        if (directory == null) {
            throw new IllegalArgumentException("map-store of " + mapName + ": no property " + DIRECTORY
                    + " (expected: a directory that all members share)");
        }
        folder = Path.of(directory, folderName).toAbsolutePath();
        try {
            Files.createDirectories(folder);
            removeLeftOvers(folder);
        } catch (IOException e) {
            throw refused(folder, folder + ": cannot be used: " + e + " (expected: a folder, or that it can be made)");
        }
    }

    /** Removes what was left unfinished, and folders in which nothing else was; returns whether there was something. */
    private static boolean removeLeftOvers(Path folder) throws IOException {
        Instant before = Instant.now().minus(LEFT_OVER);
        boolean removed = false;
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
            for (Path path : paths) {
                if (Files.isDirectory(path)) {
                    if (removeLeftOvers(path)) {
                        deleteIfEmpty(path);
                    }
                } else if (EntryFile.isUnfinished(path)
                        && Files.getLastModifiedTime(path).toInstant().isBefore(before)) {
                    removed |= Files.deleteIfExists(path);
                }
            }
        } catch (NoSuchFileException e) {
            LOGGER.log(Level.DEBUG, "another member was faster", e);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return removed;
    }

    protected static void deleteIfEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            LOGGER.log(Level.DEBUG, "something is in it", e);
        }
    }

    @Override
    public void destroy() {
        // Nothing is held between calls.
    }

    @Override
    public void store(K key, V value) {
        Path file = file(key);
        try {
            checkFolder();
            if (!Files.isDirectory(file.getParent())) {
                createFolder(file.getParent());
            }
            EntryFile.write(file, bytes(key), parts(value));
            told.removeAll(List.of(file, file.getParent(), folder));
        } catch (IOException e) {
            throw refused(file.getParent(), file + ": cannot be written: " + e);
        }
    }

    /**
     * Checks that the folder is there: it was when the member started. Where it is gone, missing entries are not lost, and new
     * entries would not be found by other members.
     */
    protected final void checkFolder() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder + " (expected: the store's folder; mount it again, or put it back)");
        }
    }

    private void createFolder(Path path) throws IOException {
        try {
            Files.createDirectory(path);
            EntryFile.syncFolder(folder);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(path)) {
                throw e;
            }
            LOGGER.log(Level.DEBUG, "another member was faster", e);
        }
    }

    @Override
    public V load(K key) {
        Path file = file(key);
        try {
            Optional<EntryFile> entry = EntryFile.read(file);
            if (entry.isEmpty()) {
                checkFolder();
            }
            V value = entry.isPresent() ? value(file, key, entry.get()) : null;
            told.removeAll(List.of(file, folder));
            return value;
        } catch (BadFileException e) {
            throw refused(file, advised(e));
        } catch (IOException e) {
            throw refused(folder, file + ": cannot be read: " + e);
        }
    }

    private V value(Path file, K key, EntryFile entry) {
        if (!Arrays.equals(entry.key(), bytes(key))) {
            throw renamed(file);
        }
        try {
            return value(entry.value());
        } catch (IOException | RuntimeException e) {
            String reason = e instanceof ExpertgridException ? e.getMessage() : e.toString();
            throw new BadFileException(file + ": cannot be understood: " + reason, e);
        }
    }

    protected static BadFileException renamed(Path file) {
        return new BadFileException(file + ": holds another entry than the one that it is named for");
    }

    /** Loads the entries that can be loaded; a damaged one is left out. */
    @Override
    public Map<K, V> loadAll(Collection<K> keys) {
        Map<K, V> loaded = new HashMap<>();
        for (K key : keys) {
            try {
                V value = load(key);
                if (value != null) {
                    loaded.put(key, value);
                }
            } catch (HazelcastException e) {
                LOGGER.log(Level.DEBUG, "left out", e);
            }
        }
        return loaded;
    }

    @Override
    public void storeAll(Map<K, V> entries) {
        entries.forEach(this::store);
    }

    @Override
    public void deleteAll(Collection<K> keys) {
        keys.forEach(this::delete);
    }

    /** Returns the exception that tells callers what is wrong with a file or a folder; logs it, too, once. */
    protected final HazelcastException refused(Path path, String message) {
        tell(path, message);
        return StoreFailure.of(message);
    }

    /** Returns what is wrong with a file, and what can be done about it. */
    protected final String advised(BadFileException damage) {
        return damage.getMessage() + "; " + advice;
    }

    /** Writes to the log what is wrong with a file or a folder, unless that is there already. */
    protected final void tell(Path path, String message) {
        if (told.add(path)) {
            LOGGER.log(Level.WARNING, message);
        }
    }
}
