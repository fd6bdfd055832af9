// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import java.io.IOException;

/**
 * A situation that pipes can be in.
 *
 * @param name says what is special
 * @param setup brings it about
 * @param act what is done with it later, besides the examination that all kinds have in common
 */
record Kind(String name, Setup setup, Play.Act act) {

    /** Brings pipes into the situation. */
    interface Setup {

        /** Returns all processes that the root is made to have, and the root as the first. */
        Puppet[] from(Puppet root) throws IOException;
    }

    /** What one process does with its own pipes. */
    interface Alone {
        void with(Puppet puppet) throws IOException;
    }

    /** A kind in which the root has no descendants. */
    static Kind of(String name, Alone setup, Play.Act act) {
        return new Kind(name, root -> {
            setup.with(root);
            return new Puppet[] {root};
        }, act);
    }

    /** A kind for which the common examination suffices. */
    static Kind of(String name, Alone setup) {
        return of(name, setup, cast -> {});
    }

    @Override
    public String toString() {
        return name;
    }
}
