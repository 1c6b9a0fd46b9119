package org.expertgrid.cluster.grid;

import java.lang.System.Logger;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;

/** Registers what JMX shows of Expertgrid. Statistics that cannot be shown are no reason to fail. */
public final class JmxBeans {
    private static final Logger LOGGER = System.getLogger(JmxBeans.class.getName());

    private JmxBeans() {}

    /** Shows {@code bean} under these properties of the domain org.expertgrid; returns what takes it away again. */
    public static Runnable register(Object bean, Map<String, String> properties) {
        try {
            String keys = properties.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(entry -> entry.getKey() + "=" + ObjectName.quote(entry.getValue()))
                    .collect(Collectors.joining(","));
            ObjectName name = new ObjectName("org.expertgrid:" + keys);
            ManagementFactory.getPlatformMBeanServer().registerMBean(bean, name);
            return () -> unregister(name);
        } catch (JMException e) {
            LOGGER.log(Logger.Level.WARNING, "not shown in JMX: " + properties, e);
            return () -> {};
        }
    }

    public static double millis(LongAdder nanos) {
        return nanos.sum() / 1e6;
    }

    private static void unregister(ObjectName name) {
        try {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
        } catch (JMException e) {
            LOGGER.log(Logger.Level.DEBUG, "gone from JMX already: " + name, e);
        }
    }
}
