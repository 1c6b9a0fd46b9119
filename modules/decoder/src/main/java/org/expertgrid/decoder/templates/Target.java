package org.expertgrid.decoder.templates;

import java.util.List;
import org.expertgrid.decoder.python.Namespace;
import org.expertgrid.decoder.python.PythonError;
import org.expertgrid.decoder.python.Values;

/** The target of an assignment. Immutable. */
interface Target {
    void assign(Scope scope, Object value);

    /** A variable. */
    record Variable(String name) implements Target {
        @Override
        public void assign(Scope scope, Object value) {
            scope.set(name, value);
        }
    }

    /** {@code namespace.name}. */
    record NamespaceAttribute(String namespace, String name) implements Target {
        @Override
        public void assign(Scope scope, Object value) {
            if (!(scope.get(namespace) instanceof Namespace owner)) {
                throw new PythonError("cannot assign attribute on non-namespace object");
            }
            scope.meter().list(1);
            owner.set(name, value);
        }
    }

    /** {@code a, b}: takes the elements apart. */
    record Several(List<Target> targets) implements Target {
        @Override
        public void assign(Scope scope, Object value) {
            if (!Values.isSized(value)) {
                throw new PythonError("cannot unpack non-iterable " + Values.typeName(value) + " object");
            }
            List<Object> elements = Values.elements(value, scope.meter());
            if (elements.size() != targets.size()) {
                throw new PythonError((elements.size() > targets.size() ? "too many" : "not enough")
                        + " values to unpack (expected " + targets.size() + ")");
            }
            for (int i = 0; i < targets.size(); i++) {
                targets.get(i).assign(scope, elements.get(i));
            }
        }
    }
}
