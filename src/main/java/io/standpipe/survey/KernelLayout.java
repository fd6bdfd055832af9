// SPDX-License-Identifier: Apache-2.0
package io.standpipe.survey;

import java.io.IOException;

/** Where in the running kernel's structures is what a survey tells of, in bytes. */
final class KernelLayout {

    /** The function that stands for the descriptors of a thread, by its id in BTF. */
    final int iterator;

    /** The kernel's bpf_rdonly_cast, since Linux 6.2; otherwise less than 0. */
    final int cast;

    final int file;
    final int task;

    final int contextMeta;
    final int contextTask;
    final int contextNumber;
    final int contextFile;
    final int metaOutput;

    final int taskFiles;
    final int filesTable;
    final int tableCloseOnExec;
    final int tableFiles;

    final int fileInode;
    final int fileFlags;
    /** Who gets the signals: a pointer; in older kernels its first member is here. */
    final int fileOwner;
    /** In older kernels, where the signal is; otherwise the same as {@link #fileOwner}. */
    final int fileSignal;

    final int inodeMode;
    final int inodeUid;
    final int inodeGid;
    final int inodeNumber;
    final int inodeFileSystem;
    final int inodePipe;

    final int pipeHead;
    final int pipeTail;
    final int pipeMostSlots;
    final int pipeRingSize;
    final int pipeWriters;
    final int pipeRing;
    /** Less than 0 where no pipe can be a notification pipe. */
    final int pipeWatchQueue;

    final int slotSize;
    final int slotOffset;
    final int slotLength;
    final int slotFlags;

    /** @throws IOException where something is missing */
    KernelLayout(Btf btf) throws IOException {
        this(btf, btf.hasFunction("bpf_rdonly_cast"));
    }

    /** @param casting whether to use what is to be had since Linux 6.2 */
    KernelLayout(Btf btf, boolean casting) throws IOException {
        iterator = btf.function("bpf_iter_task_file");
        cast = casting ? btf.function("bpf_rdonly_cast") : -1;
        file = btf.struct("file");
        task = btf.struct("task_struct");
        contextMeta = btf.offset("bpf_iter__task_file", "meta");
        contextTask = btf.offset("bpf_iter__task_file", "task");
        contextNumber = btf.offset("bpf_iter__task_file", "fd");
        contextFile = btf.offset("bpf_iter__task_file", "file");
        metaOutput = btf.offset("bpf_iter_meta", "seq");
        taskFiles = btf.offset("task_struct", "files");
        filesTable = btf.offset("files_struct", "fdt");
        tableCloseOnExec = btf.offset("fdtable", "close_on_exec");
        tableFiles = btf.offset("fdtable", "fd");
        fileInode = btf.offset("file", "f_inode");
        fileFlags = btf.offset("file", "f_flags");
        boolean pointer = btf.isPointer("file", "f_owner");
        fileOwner = btf.offset("file", pointer ? "f_owner" : "f_owner.pid");
        fileSignal = btf.offset("file", pointer ? "f_owner" : "f_owner.signum");
        inodeMode = btf.offset("inode", "i_mode");
        inodeUid = btf.offset("inode", "i_uid");
        inodeGid = btf.offset("inode", "i_gid");
        inodeNumber = btf.offset("inode", "i_ino");
        inodeFileSystem = btf.offset("inode", "i_sb");
        inodePipe = btf.offset("inode", "i_pipe");
        pipeHead = btf.offset("pipe_inode_info", "head");
        pipeTail = btf.offset("pipe_inode_info", "tail");
        pipeMostSlots = btf.offset("pipe_inode_info", "max_usage");
        pipeRingSize = btf.offset("pipe_inode_info", "ring_size");
        pipeWriters = btf.offset("pipe_inode_info", "writers");
        pipeRing = btf.offset("pipe_inode_info", "bufs");
        pipeWatchQueue = btf.has("pipe_inode_info", "watch_queue") ? btf.offset("pipe_inode_info", "watch_queue") : -1;
        slotSize = btf.structSize("pipe_buffer");
        slotOffset = btf.offset("pipe_buffer", "offset");
        slotLength = btf.offset("pipe_buffer", "len");
        slotFlags = btf.offset("pipe_buffer", "flags");
    }
}
