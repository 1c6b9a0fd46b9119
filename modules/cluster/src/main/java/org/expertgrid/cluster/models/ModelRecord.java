package org.expertgrid.cluster.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.layout.ShardSet;
import org.expertgrid.cluster.options.Exchange;

/**
 * The record of a model, under its name in the map of models: everything that a caller needs to send rows to it, and
 * what is being done with it.
 *
 * <pre>
 *   deploy      DEPLOYING -> READY                               shards are written in between
 *   rebalance   READY     -> READY, next -> READY, retired -> READY   copied, switched, the old ones removed
 *   undeploy    any       -> REMOVING -> (gone)                  shards are removed in between
 * </pre>
 *
 * The process that does one of these changes the record every few seconds meanwhile ({@link Claim}); a record that has stopped changing half-way
 * was left by a process that died, and is cleaned up by the members.
 *
 * @param definition what never changes
 * @param state whether it can be used
 * @param version counts the changes of the record
 * @param shards the set that answers, or will
 * @param next the set that its shards are being copied to, null while they are not
 * @param retired sets that answered before, as long as they are still there
 */
public record ModelRecord(
        ModelDefinition definition, State state, long version, ShardSet shards, ShardSet next, List<ShardSet> retired) {

    /** Whether a model can be used. */
    public enum State {
        /** Its shards are being written; no caller can connect. */
        DEPLOYING,
        /** All shards have been written and packed. */
        READY,
        /** Its shards are being removed; for callers it is gone. */
        REMOVING,
        /** Another version of Expertgrid has written the record. This one cannot read it, and can only remove it. */
        OTHER_VERSION
    }

    public ModelRecord {
        retired = List.copyOf(retired);
    }

    /** Returns the record of a model whose shards are about to be written. */
    public static ModelRecord deploying(ModelDefinition definition, ShardSet shards) {
        return new ModelRecord(definition, State.DEPLOYING, 0, shards, null, List.of());
    }

    /**
     * Returns the record that stands for one of another version. It knows no layers.
     *
     * @param id the same whenever the same record is read
     * @param named the ids that files of its shards and routers are named by; they become sets without ranks
     */
    static ModelRecord ofOtherVersion(UUID id, List<UUID> named) {
        ModelDefinition unknown = new ModelDefinition(id, ModelDefinition.Kind.MOE, "", Exchange.REDUCE, 0, List.of());
        List<ShardSet> sets =
                named.stream().map(file -> new ShardSet(file, List.of(), 0)).toList();
        return new ModelRecord(unknown, State.OTHER_VERSION, 0, new ShardSet(id, List.of(), 0), null, sets);
    }

    public ModelRecord ready() {
        return new ModelRecord(definition, State.READY, version + 1, shards, next, retired);
    }

    public ModelRecord removing() {
        return new ModelRecord(definition, State.REMOVING, version + 1, shards, next, retired);
    }

    /** Returns the same with a sign of life. */
    public ModelRecord renewed() {
        return new ModelRecord(definition, state, version + 1, shards, next, retired);
    }

    public ModelRecord movingTo(ShardSet set) {
        return new ModelRecord(definition, state, version + 1, shards, set, retired);
    }

    /** Returns the record in which the next set answers. */
    public ModelRecord switched() {
        return new ModelRecord(definition, state, version + 1, next, null, with(retired, shards));
    }

    /** Returns the record in which the next set, half written, is only there to be removed. */
    public ModelRecord withoutNext() {
        return new ModelRecord(definition, state, version + 1, shards, null, with(retired, next));
    }

    public ModelRecord withoutRetired(ShardSet set) {
        List<ShardSet> others = retired.stream().filter(one -> !one.equals(set)).toList();
        return new ModelRecord(definition, state, version + 1, shards, next, others);
    }

    private static List<ShardSet> with(List<ShardSet> sets, ShardSet one) {
        List<ShardSet> more = new ArrayList<>(sets);
        more.add(one);
        return more;
    }

    /** Returns the same among another number of data members, which have been counted together. */
    public ModelRecord among(int members) {
        return new ModelRecord(definition, state, version + 1, shards.among(members), next, retired);
    }

    /** Returns whether so many data members are most of those that any of its sets was counted among. */
    public boolean isTogether(int members) {
        return allSets().stream().allMatch(set -> set.isTogether(members));
    }

    /** Returns what a deployment is known by: a record of the same name may be another one's by now. */
    public UUID id() {
        return definition.id();
    }

    public boolean isReady() {
        return state == State.READY;
    }

    public boolean isOfOtherVersion() {
        return state == State.OTHER_VERSION;
    }

    /** Returns whether a process is at work on the model, or was when it died. */
    public boolean isUnfinished() {
        return state != State.READY || next != null || !retired.isEmpty();
    }

    /** Returns all sets of which there may be shards in the grid. */
    public List<ShardSet> allSets() {
        return Stream.concat(Stream.of(shards, next), retired.stream())
                .filter(Objects::nonNull)
                .toList();
    }

    /** Returns whether both have the same id, version, state and shard sets. */
    boolean isVersionOf(ModelRecord other) {
        return other != null
                && id().equals(other.id())
                && version == other.version
                && state == other.state
                && shards.equals(other.shards)
                && Objects.equals(next, other.next)
                && retired.equals(other.retired);
    }
}
