package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.client.impl.protocol.ClientExceptionFactory;
import com.hazelcast.cluster.Member;
import com.hazelcast.config.ClassFilter;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.MemberLeftException;
import com.hazelcast.map.IMap;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.query.Predicates;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.BadAttributeValueExpException;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Java-serialised objects that a client sends over a socket: members refuse all of them but exceptions. */
@Tag("slow")
class DeserialisationTest {
    /** Whether code of an object that was sent has run where it was read. */
    private static final AtomicBoolean RUN = new AtomicBoolean();

    private static EmbeddedCluster cluster;
    private static HazelcastInstance intruder;
    private static TensorParallelMoe moe;
    private static final Matrix X = Models.rows(3, ElementType.FLOAT64);
    private static Matrix answer;

    @BeforeAll
    static void start() {
        cluster = EmbeddedCluster.start(1);
        moe = TensorParallelMoe.builder(Models.weights(ElementType.FLOAT64)).deploy(cluster.member(0), "ranker");
        answer = moe.forward(X);
        // With Hazelcast's own defaults, which filter nothing.
        ClientConfig config = new ClientConfig();
        config.setClusterName(cluster.name());
        config.getNetworkConfig()
                .setAddresses(cluster.clientConfig().getNetworkConfig().getAddresses());
        intruder = HazelcastClient.newHazelcastClient(config);
    }

    @AfterAll
    static void stop() {
        moe.close();
        intruder.shutdown();
        cluster.close();
    }

    @BeforeEach
    void nothingHasRun() {
        RUN.set(false);
    }

    /** Tells when it is read, called, compared, or invoked. */
    private static class Payload implements Callable<String>, Comparator<Object>, InvocationHandler, Serializable {
        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            RUN.set(true);
        }

        @Override
        public String call() {
            RUN.set(true);
            return "";
        }

        @Override
        public int compare(Object one, Object other) {
            return 0;
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) {
            RUN.set(true);
            return null;
        }
    }

    /** An exception, but not one of those that travel. */
    private static final class Trap extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            RUN.set(true);
        }
    }

    /** Without a serialiser and not Serializable: goes in Hazelcast's Compact format, by reflection. */
    static final class Plain {
        int number = 1;
    }

    static List<Object> payloads() throws Exception {
        Payload payload = new Payload();
        PriorityQueue<Object> queue = new PriorityQueue<>(2, payload);
        queue.add("a");
        queue.add("b");
        Throwable carrier = new IllegalStateException("an exception that travels");
        carrier.addSuppressed(new Trap());
        Object proxy = Proxy.newProxyInstance(
                DeserialisationTest.class.getClassLoader(), new Class<?>[] {Comparator.class}, payload);
        return List.of(
                payload,
                new Trap(),
                carrier,
                new Exception(new Trap()),
                proxy,
                queue,
                new HashMap<>(Map.of("key", payload)),
                new ArrayList<>(List.of(payload)),
                // What chains of the JDK alone begin with: a host is looked up, a method called, when these are read.
                new HashMap<>(Map.of(URI.create("http://127.0.0.1/").toURL(), 1)),
                new BadAttributeValueExpException("toString is called"));
    }

    @ParameterizedTest
    @MethodSource("payloads")
    void aValueIsRefusedBeforeAnyOfItsCodeRuns(Object payload) {
        IMap<Integer, Object> map = intruder.getMap("intruder");
        map.set(1, payload);
        RUN.set(false);
        // The member reads the value to compare it.
        assertThatThrownBy(() -> map.values(Predicates.equal("message", "anything")))
                .hasStackTraceContaining("is not allowed");
        assertThat(RUN).isFalse();
        assertThat(moe.forward(X)).isEqualTo(answer);
        map.destroy();
    }

    @Test
    void aTaskIsRefusedBeforeAnyOfItsCodeRuns() {
        Member member = intruder.getCluster().getMembers().iterator().next();
        for (String executor : List.of(GridNames.EXECUTOR, GridNames.CONTROL, "default")) {
            assertThatThrownBy(() -> intruder.getExecutorService(executor)
                            .submitToMember(new Payload(), member)
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .rootCause()
                    .hasMessageContaining("Resolving class " + Payload.class.getName() + " is not allowed");
        }
        assertThat(RUN).isFalse();
        assertThat(moe.forward(X)).isEqualTo(answer);
    }

    @Test
    void noObjectIsMadeOfAClassThatHasNoSerialiser() {
        intruder.getMap("intruder").set(1, new Plain());
        Object read = cluster.member(0).getMap("intruder").get(1);
        assertThat(read).isNotNull().isNotInstanceOf(Plain.class);
    }

    @Test
    void everyExceptionThatHazelcastHasACodeForTravels() throws ReflectiveOperationException {
        ClientExceptionFactory factory = new ClientExceptionFactory(
                false, getClass().getClassLoader(), cluster.member(0).getLoggingService());
        Field codes = ClientExceptionFactory.class.getDeclaredField("classToInt");
        codes.setAccessible(true);
        ClassFilter allowed = TravellingClasses.filter();
        assertThat(((Map<?, ?>) codes.get(factory)).keySet())
                .extracting(type -> ((Class<?>) type).getName())
                // Of transactions over several resources, of logins, and of the part that open source does not have.
                .filteredOn(name -> !name.startsWith("javax.")
                        && !name.startsWith("java.security.")
                        && !name.startsWith("com.hazelcast.cp."))
                .hasSizeGreaterThan(80)
                .allMatch(allowed::isListed);
    }

    @Test
    void onlyExceptionsAreNamedAndTheirSuperclassesWithThem() throws ClassNotFoundException {
        List<String> names = TravellingClasses.exceptions();
        assertThat(names).doesNotHaveDuplicates();
        for (String name : names) {
            Class<?> type = Class.forName(name, false, getClass().getClassLoader());
            assertThat(type).isAssignableTo(Throwable.class);
            assertThat(type == Throwable.class ? name : type.getSuperclass().getName())
                    .isIn(names);
        }
    }

    @Test
    void classesInFieldsOfExceptionsAreAllowedToo() throws IOException, ClassNotFoundException {
        Throwable nested = new ExecutionException(new SplitBrainProtectionException("too few"));
        nested.addSuppressed(new IOException("closed"));
        nested.addSuppressed(
                new MemberLeftException(cluster.member(0).getCluster().getLocalMember()));
        nested.addSuppressed(new HazelcastSerializationException("unreadable", new NullPointerException()));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(nested);
        ClassFilter allowed = TravellingClasses.filter();
        ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())) {
            @Override
            protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
                assertThat(description.getName()).matches(allowed::isListed);
                return super.resolveClass(description);
            }
        };
        assertThat(in.readObject()).isInstanceOf(ExecutionException.class);
    }
}
