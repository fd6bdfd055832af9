// SPDX-License-Identifier: Apache-2.0
package io.standpipe.survey;

/** What a survey tells of one descriptor: where in a record each thing is, in bytes. The slots are behind it as the kernel has them. */
final class SurveyRecord {

    /** Of this record, slots included. */
    static final int LENGTH = 0;
    static final int NUMBER = 4;
    /** An address, which says who the description is and nothing more. */
    static final int DESCRIPTION = 8;
    static final int INODE = 16;
    /** An address too. */
    static final int FILE_SYSTEM = 24;
    /** Other than 0 if anybody is to get signals, or another signal than the usual one. */
    static final int OWNER = 32;
    /** The bits of 64 descriptors, of which this is one. */
    static final int CLOSE_ON_EXEC = 40;
    /** Other than 0 for a notification pipe. */
    static final int WATCH_QUEUE = 48;
    static final int FLAGS = 56;
    static final int MODE = 60;
    static final int UID = 64;
    static final int GID = 68;
    static final int HEAD = 72;
    static final int TAIL = 76;
    static final int RING_SIZE = 80;
    static final int MOST_SLOTS = 84;
    static final int WRITERS = 88;
    static final int SLOTS_TOLD = 92;
    static final int SLOTS = 96;

    private SurveyRecord() {}
}
