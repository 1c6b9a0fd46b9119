package org.expertgrid.decoder.grammar;

/** The symbols that must follow, one after the other; null is the end. Immutable. */
final class Expected {
    private final Symbol first;
    private final Expected rest;
    private final int hash;

    Expected(Symbol first, Expected rest) {
        this.first = first;
        this.rest = rest;
        this.hash = 31 * (rest == null ? 1 : rest.hash) + System.identityHashCode(first);
    }

    Symbol first() {
        return first;
    }

    Expected rest() {
        return rest;
    }

    @Override
    public boolean equals(Object other) {
        Expected a = this;
        Expected b = other instanceof Expected expected ? expected : null;
        while (a != b && a != null && b != null && a.hash == b.hash && a.first == b.first) {
            a = a.rest;
            b = b.rest;
        }
        return a == b;
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
