// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

/** What a reader has to know of the contenders, for the charts: they do not all do the same work. */
final class Notes {

    static final String HOW_TO_READ = "How to read it: left of the bold line is faster than Standpipe, right of it slower. A point is the"
            + " median of the ratios within one round, a bar the middle half of them (of Standpipe itself: of its times). In brackets the"
            + " median time.";
    static final String HOW_TO_READ_STARTUP = "How to read it: a point is the median of the ratios within one round, a bar the middle half of"
            + " them (of Hello World itself: of its times). In brackets the median time.";
    static final String FLOOR = "C floor: a C program that makes only the system calls that must be made. It knows beforehand what the pipes"
            + " hold, leaves out flags and owners, and checks nothing.";
    static final String FLOOR_WINDOW = "C floor: a C program that stops the threads and makes one tee for each pipe, and nothing else. It"
            + " leaves out all checks.";
    static final String COPIED = "Standpipe, every byte copied: also where programs lend their pages to pipes (vmsplice). Standpipe, written"
            + " while frozen: the image is on the disk before the process goes on.";
    static final String JAVA_WINDOW = "Plain Java is not here: it cannot freeze another process, nor look into its pipes.";
    static final String JAVA = "Plain Java reads each pipe empty and writes the bytes back: it consumes them, and is right only while nobody"
            + " else uses the pipe. It leaves out capacity, packets, flags and owners, and how the bytes lie in the kernel's buffers.";
    static final String JAVA_RESTORE = "Plain Java makes pipes of 64 KiB and writes the bytes alone: it leaves out capacity, packets, flags,"
            + " owners and shared ends. It cannot restore pipes with more than 64 KiB in them.";
    static final String IN_PLACE = "Standpipe, in place: puts new pipes at the fds of those that this process has, and looks who else holds these.";
    static final String CRIU = "CRIU saves and restores whole processes: memory, files and all. Its image is not synced to the disk,"
            + " Standpipe's is. Of one empty pipe: another process, which shows what is not for pipes.";
    static final String CRIU_WINDOW = "CRIU saves the whole process, memory and all, while it is frozen; the time is CRIU's own figure. Where it"
            + " has no row, the text says why.";
    static final String COMMAND = "standpipe command: the same from the shell, with the start of its Java runtime. CRIU is a command, too.";
    static final String HELLO = "Hello World: the same Java runtime with the same options, and for the installed command with an archive of its classes, too.";
    static final String CRIU_COMMANDS = "CRIU: criu check, which looks for what CRIU needs of the kernel, and criu dump, which saves the whole"
            + " process that has the pipe.";

    private Notes() {}
}
