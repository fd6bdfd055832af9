// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

/** A descriptor found while collecting: a number for an open file description. Used again for another one. */
public final class SavedDescriptor {

    private int number;
    private boolean closeOnExec;
    private SavedDescription description;

    void begin(int newNumber, boolean newCloseOnExec, SavedDescription newDescription) {
        number = newNumber;
        closeOnExec = newCloseOnExec;
        description = newDescription;
    }

    public int number() {
        return number;
    }

    boolean closeOnExec() {
        return closeOnExec;
    }

    public SavedDescription description() {
        return description;
    }
}
