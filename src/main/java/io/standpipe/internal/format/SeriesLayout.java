// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

/**
 * How a revision of the kernel series lays out what changed between revisions. Revision 6 exists with and without PIDS, which took
 * the number of TREE when it came, so that all numbers behind it moved up by one, those of records and those of objects.
 *
 * @param revision as HEADER has it
 * @param hasPids whether 101 is PIDS; otherwise it is TREE
 */
record SeriesLayout(int revision, boolean hasPids) {

    static final int OLDEST = 3;
    static final int NEWEST = 6;

    /** What this library writes, and what HEADER itself has in every revision. */
    static final SeriesLayout OWN = new SeriesLayout(NEWEST, true);

    private static final int FIRST_OF_TASKS = 101;
    private static final int END_OF_TASKS = 200;
    private static final int LAST_WITHOUT_FS = 4;

    /** Returns the layout of an image, as its HEADER says it. */
    static SeriesLayout of(int revision) {
        return new SeriesLayout(revision, revision == NEWEST);
    }

    /** Returns the layout as a record tells it apart: PIDS and TREE differ in length. */
    SeriesLayout told(int code, long lengthBytes) {
        boolean isTree = code == FIRST_OF_TASKS && lengthBytes == RecordType.TREE.lengthBytes();
        return hasPids && isTree ? new SeriesLayout(revision, false) : this;
    }

    /** Returns the number that a type of records has in the newest layout. */
    int typeOf(int code) {
        return !hasPids && code >= FIRST_OF_TASKS && code < END_OF_TASKS ? code + 1 : code;
    }

    /** Returns the number that a type of objects has in the newest layout. */
    int objtypeOf(int code) {
        return hasPids || code <= 0 ? code : code + 1;
    }

    /** Returns the length of what the FILE of every kind of file begins with; {@code f_secref} came with revision 4. */
    int fileLength() {
        return revision == OLDEST ? 40 : 48;
    }

    /** Returns the length of TASK_OBJS; {@code fs_objref} came with revision 5. */
    int taskObjsLength() {
        return revision <= LAST_WITHOUT_FS ? 24 : RecordType.TASK_OBJS.lengthBytes();
    }
}
