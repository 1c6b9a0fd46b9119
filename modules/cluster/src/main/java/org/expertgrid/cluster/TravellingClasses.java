package org.expertgrid.cluster;

import com.hazelcast.config.ClassFilter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The classes that may travel Java-serialised, each by its name: the exceptions of the JDK and of Hazelcast that one member may report to
 * another, what exceptions hold, and the enums by which a cluster is administered. Nothing else needs to, and whatever else is allowed
 * could be made to run code where it is read.
 *
 * <p>An exception that is missing here arrives as a HazelcastSerializationException, which no caller takes for one that passes.
 */
final class TravellingClasses {
    /** Names are resolved for superclasses too, and for arrays and lists of nothing. */
    private static final List<String> HELD = Stream.of(
                    in("[Ljava.lang", "StackTraceElement;"),
                    in("java.lang", "StackTraceElement"),
                    in("java.util", "ArrayList", "Collections$EmptyList"),
                    in("com.hazelcast.version", "MemberVersion"))
            .flatMap(names -> names)
            .toList();

    /** {@code Cluster.changeClusterState} and {@code Cluster.shutdown}. An enum has no code that reading it runs. */
    private static final List<String> OF_ADMINISTRATION = Stream.of(
                    in("java.lang", "Enum"), in("com.hazelcast.cluster", "ClusterState"))
            .flatMap(names -> names)
            .toList();

    private static final List<String> OF_THE_JDK = Stream.of(
                    in(
                            "java.io",
                            "EOFException",
                            "FileNotFoundException",
                            "IOException",
                            "InterruptedIOException",
                            "InvalidClassException",
                            "InvalidObjectException",
                            "NotSerializableException",
                            "ObjectStreamException",
                            "OptionalDataException",
                            "StreamCorruptedException",
                            "UTFDataFormatException",
                            "UncheckedIOException"),
                    in(
                            "java.lang",
                            "ArithmeticException",
                            "ArrayIndexOutOfBoundsException",
                            "ArrayStoreException",
                            "AssertionError",
                            "ClassCastException",
                            "ClassNotFoundException",
                            "Error",
                            "Exception",
                            "ExceptionInInitializerError",
                            "IllegalAccessError",
                            "IllegalAccessException",
                            "IllegalArgumentException",
                            "IllegalMonitorStateException",
                            "IllegalStateException",
                            "IllegalThreadStateException",
                            "IncompatibleClassChangeError",
                            "IndexOutOfBoundsException",
                            "InstantiationException",
                            "InternalError",
                            "InterruptedException",
                            "LinkageError",
                            "NegativeArraySizeException",
                            "NoClassDefFoundError",
                            "NoSuchFieldError",
                            "NoSuchFieldException",
                            "NoSuchMethodError",
                            "NoSuchMethodException",
                            "NullPointerException",
                            "NumberFormatException",
                            "OutOfMemoryError",
                            "ReflectiveOperationException",
                            "RuntimeException",
                            "SecurityException",
                            "StackOverflowError",
                            "Throwable",
                            "UnsupportedOperationException",
                            "VirtualMachineError"),
                    in("java.lang.reflect", "InvocationTargetException", "UndeclaredThrowableException"),
                    in(
                            "java.net",
                            "ConnectException",
                            "SocketException",
                            "SocketTimeoutException",
                            "URISyntaxException",
                            "UnknownHostException"),
                    in("java.nio", "BufferOverflowException", "BufferUnderflowException"),
                    in(
                            "java.nio.channels",
                            "AsynchronousCloseException",
                            "CancelledKeyException",
                            "ClosedByInterruptException",
                            "ClosedChannelException"),
                    in(
                            "java.nio.file",
                            "AccessDeniedException",
                            "FileAlreadyExistsException",
                            "FileSystemException",
                            "NoSuchFileException"),
                    in("java.util", "ConcurrentModificationException", "NoSuchElementException"),
                    in(
                            "java.util.concurrent",
                            "CancellationException",
                            "CompletionException",
                            "ExecutionException",
                            "RejectedExecutionException",
                            "TimeoutException"))
            .flatMap(names -> names)
            .toList();

    private static final List<String> OF_HAZELCAST = Stream.of(
                    in("com.hazelcast.cache", "CacheNotExistsException"),
                    in(
                            "com.hazelcast.client",
                            "AuthenticationException",
                            "HazelcastClientNotActiveException",
                            "HazelcastClientOfflineException"),
                    in("com.hazelcast.client.impl.protocol.exception", "MaxMessageSizeExceeded"),
                    in("com.hazelcast.config", "InvalidConfigurationException"),
                    in(
                            "com.hazelcast.core",
                            "ConsistencyLostException",
                            "HazelcastException",
                            "HazelcastInstanceNotActiveException",
                            "HazelcastOverloadException",
                            "IndeterminateOperationStateException",
                            "LocalMemberResetException",
                            "MemberLeftException",
                            "OperationTimeoutException",
                            "RuntimeInterruptedException"),
                    in("com.hazelcast.crdt", "MutationDisallowedException", "TargetNotReplicaException"),
                    in("com.hazelcast.durableexecutor", "StaleTaskIdException"),
                    in("com.hazelcast.flakeidgen.impl", "NodeIdOutOfRangeException"),
                    in(
                            "com.hazelcast.internal.cluster.impl",
                            "ClusterTopologyChangedException",
                            "ConfigMismatchException",
                            "MasterNodeChangedException",
                            "VersionMismatchException"),
                    in("com.hazelcast.internal.partition", "PartitionStateVersionMismatchException"),
                    in("com.hazelcast.internal.util", "AddressUtil$InvalidAddressException"),
                    in("com.hazelcast.map", "QueryResultSizeExceededException", "ReachedMaxSizeException"),
                    in("com.hazelcast.map.impl.operation", "EntryOffloadableLockMismatchException"),
                    in("com.hazelcast.memory", "NativeOutOfMemoryError"),
                    in("com.hazelcast.nio.serialization", "HazelcastSerializationException"),
                    in("com.hazelcast.partition", "NoDataMemberInClusterException"),
                    in("com.hazelcast.query", "QueryException"),
                    in("com.hazelcast.replicatedmap", "ReplicatedMapCantBeCreatedOnLiteMemberException"),
                    in("com.hazelcast.ringbuffer", "StaleSequenceException"),
                    in("com.hazelcast.scheduledexecutor", "DuplicateTaskException", "StaleTaskException"),
                    in(
                            "com.hazelcast.spi.exception",
                            "CallerNotMemberException",
                            "DistributedObjectDestroyedException",
                            "PartitionMigratingException",
                            "ResponseAlreadySentException",
                            "RetryableHazelcastException",
                            "RetryableIOException",
                            "ServiceNotFoundException",
                            "TargetDisconnectedException",
                            "TargetNotMemberException",
                            "WrongTargetException"),
                    in("com.hazelcast.splitbrainprotection", "SplitBrainProtectionException"),
                    in("com.hazelcast.topic", "TopicOverloadException"),
                    in(
                            "com.hazelcast.transaction",
                            "TransactionException",
                            "TransactionNotActiveException",
                            "TransactionTimedOutException"),
                    in("com.hazelcast.wan", "WanQueueFullException"))
            .flatMap(names -> names)
            .toList();

    private TravellingClasses() {}

    private static Stream<String> in(String place, String... classes) {
        return Arrays.stream(classes).map(name -> place + "." + name);
    }

    /** Returns the names of the exceptions. */
    static List<String> exceptions() {
        return Stream.concat(OF_THE_JDK.stream(), OF_HAZELCAST.stream()).toList();
    }

    /** Returns a filter that lets the exceptions pass, what they hold, and what administration needs. */
    static ClassFilter filter() {
        ClassFilter allowed = new ClassFilter();
        Stream.of(HELD, OF_ADMINISTRATION, OF_THE_JDK, OF_HAZELCAST)
                .forEach(names -> names.forEach(allowed::addClasses));
        return allowed;
    }
}
