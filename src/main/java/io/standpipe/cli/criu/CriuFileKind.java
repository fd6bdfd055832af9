// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

/** The kinds of files in a dump of CRIU that are of use here, with the number that each begins with. */
public enum CriuFileKind {
    /** What CRIU says of the dump as a whole: {@code inventory.img}. */
    INVENTORY(0x58313116),
    /** The processes: {@code pstree.img}. */
    PROCESSES(0x50273030),
    /** What a process is, apart from memory and files: {@code core-PID.img}. */
    CORE(0x55053847),
    /** The credentials of a process: {@code creds-PID.img}, in dumps of former versions. */
    CREDENTIALS(0x54023547),
    /** Which table of descriptors and other objects a process has: {@code ids-PID.img}. */
    IDS(0x54432030),
    /** A table of descriptors: {@code fdinfo-N.img}. */
    DESCRIPTORS(0x56213732),
    /** All open file descriptions: {@code files.img}. */
    FILES(0x56303138),
    /** Descriptions of pipes, in dumps without {@code files.img}: {@code pipes.img}. */
    PIPES(0x56513555),
    /** Descriptions of FIFOs, in dumps without {@code files.img}: {@code fifo.img}. */
    FIFOS(0x58364939),
    /** Descriptions of files with a path, in dumps without {@code files.img}: {@code reg-files.img}. */
    PATHS(0x50363636),
    /** Which paths are gone: {@code remap-fpath.img}. */
    REMOVED_PATHS(0x59133954),
    /** The contents of pipes: {@code pipes-data.img}. */
    PIPE_CONTENTS(0x56453709),
    /** The contents of FIFOs: {@code fifo-data.img}. */
    FIFO_CONTENTS(0x59333054);

    /** What each file but the inventory begins with, since version 1.1 of the images; the number of its kind follows. */
    static final int COMMON_MAGIC = 0x54564319;

    private final int magic;

    CriuFileKind(int magic) {
        this.magic = magic;
    }

    int magic() {
        return magic;
    }
}
