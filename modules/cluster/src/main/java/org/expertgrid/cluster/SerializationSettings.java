package org.expertgrid.cluster;

import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.SerializationConfig;
import com.hazelcast.config.SerializerConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.expertgrid.cluster.layout.ShardKey;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.models.ModelRecordSerializer;
import org.expertgrid.cluster.models.RouterWeightsSerializer;
import org.expertgrid.cluster.shards.ShardKeySerializer;
import org.expertgrid.cluster.shards.TileCollector;
import org.expertgrid.cluster.shards.TileCollectorSerializer;
import org.expertgrid.cluster.shards.WeightTileSerializer;
import org.expertgrid.cluster.wire.EnvelopeFactory;
import org.expertgrid.cluster.workarounds.CompactFilter;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.kernels.WeightTile;

/** The settings of members and clients that say which bytes become objects: the factory of envelopes, serialisers, filters. */
final class SerializationSettings {
    private static final Map<Class<?>, Class<?>> SERIALIZERS = serializers();

    private SerializationSettings() {}

    private static Map<Class<?>, Class<?>> serializers() {
        Map<Class<?>, Class<?>> serializers = new LinkedHashMap<>();
        serializers.put(ShardKey.class, ShardKeySerializer.class);
        serializers.put(WeightTile.class, WeightTileSerializer.class);
        serializers.put(TileCollector.class, TileCollectorSerializer.class);
        serializers.put(ModelRecord.class, ModelRecordSerializer.class);
        serializers.put(RouterWeights.class, RouterWeightsSerializer.class);
        return serializers;
    }

    /** Adds the factory and the serialisers; a type that has a serialiser keeps it. */
    static void addTo(SerializationConfig serialization) {
        serialization.addDataSerializableFactoryClass(EnvelopeFactory.ID, EnvelopeFactory.class.getName());
        SERIALIZERS.forEach((type, serializer) -> {
            if (!registers(serialization, type)) {
                serialization.addSerializerConfig(
                        new SerializerConfig().setTypeClassName(type.getName()).setClassName(serializer.getName()));
            }
        });
    }

    private static boolean registers(SerializationConfig serialization, Class<?> type) {
        return serialization.getSerializerConfigs().stream()
                .anyMatch(config -> type.getName().equals(config.getTypeClassName()));
    }

    /**
     * Refuses objects of other classes. Exceptions travel Java-serialised in Hazelcast, and nothing else does here. Nor are objects made of any class that a message
     * names, which is what Hazelcast's Compact format does with classes that have no serialiser.
     */
    static void restrict(SerializationConfig serialization) {
        CompactFilter.set(
                serialization,
                new JavaSerializationFilterConfig().setDefaultsDisabled(true).setWhitelist(new ClassFilter()));
        serialization.setJavaSerializationFilterConfig(
                new JavaSerializationFilterConfig().setDefaultsDisabled(true).setWhitelist(TravellingClasses.filter()));
    }

    /** Returns what {@link #addTo} would add, in words. */
    static List<String> missingFrom(SerializationConfig serialization) {
        List<String> missing = new ArrayList<>();
        if (!serialization.getDataSerializableFactoryClasses().containsKey(EnvelopeFactory.ID)) {
            missing.add("data-serializable-factory " + EnvelopeFactory.class.getName());
        }
        SERIALIZERS.forEach((type, serializer) -> {
            if (!registers(serialization, type)) {
                missing.add("serializer " + serializer.getName());
            }
        });
        return missing;
    }
}
