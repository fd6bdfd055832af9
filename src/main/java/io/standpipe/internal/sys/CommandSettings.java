// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a command gets besides fds, where it is not to have this process's.
 *
 * @param environment each variable as {@code NAME=VALUE} in bytes of any encoding; null for this process's
 * @param fdDirectory the working directory, which may be open with O_PATH; {@link #UNCHANGED} for this process's
 * @param credentials null for this process's
 * @param fileMask as umask has it; {@link #UNCHANGED} for this process's
 * @param newSession whether the command leads a session of its own, so that no terminal's signals reach it
 * @param fdLimit the soft limit of fds, if it is lower than this process's; {@link #UNCHANGED} for this process's
 * @param ignoredSignals the signals that it ignores besides those that this process ignores, bit 0 being signal 1
 */
public record CommandSettings(
        @Nullable List<byte[]> environment,
        int fdDirectory,
        @Nullable Credentials credentials,
        int fileMask,
        boolean newSession,
        long fdLimit,
        long ignoredSignals) {

    /** Stands for what is this process's. */
    public static final int UNCHANGED = -1;

    /** The command gets fds, and all else as it is here. */
    public static final CommandSettings NONE = new CommandSettings(null, UNCHANGED, null, UNCHANGED, false, UNCHANGED, 0);

    /** The command gets fds and an environment, and all else as it is here. */
    public static CommandSettings withEnvironment(List<byte[]> environment) {
        return NONE.inEnvironment(environment);
    }

    /** Returns these settings, with an environment. */
    public CommandSettings inEnvironment(List<byte[]> variables) {
        return new CommandSettings(variables, fdDirectory, credentials, fileMask, newSession, fdLimit, ignoredSignals);
    }

    /** Returns these settings, with a limit of fds and ignored signals. */
    public CommandSettings limitedTo(long limit, long ignored) {
        return new CommandSettings(environment, fdDirectory, credentials, fileMask, newSession, limit, ignored);
    }

    /** Returns these settings, with a session of the command's own. */
    public CommandSettings inNewSession() {
        return new CommandSettings(environment, fdDirectory, credentials, fileMask, true, fdLimit, ignoredSignals);
    }

    private static final int ENVIRONMENT = 0;
    private static final int GROUPS = 8;
    private static final int GROUPS_COUNT = 16;
    private static final int FD_DIRECTORY = 20;
    private static final int USERS = 24;
    private static final int GROUP_IDS = 36;
    private static final int FILE_MASK = 48;
    private static final int NEW_SESSION = 52;
    private static final int FD_LIMIT = 56;
    private static final int IGNORED_SIGNALS = 64;
    private static final int LENGTH = 72;

    /**
     * User and groups of a process.
     *
     * @param users real, effective and saved user id
     * @param groups real, effective and saved group id
     * @param supplementary the supplementary groups
     */
    public record Credentials(List<Integer> users, List<Integer> groups, List<Integer> supplementary) {}

    /** The settings as {@code struct sp_settings}, and what that points to. */
    record Laid(NativeMemory settings, @Nullable NativeMemory environment, @Nullable NativeMemory supplementary) {

        /** Returns the address, which is valid as long as this object is reachable. */
        long address() {
            return settings.address();
        }
    }

    Laid layOut() {
        NativeMemory memory = NativeMemory.nativeOrder(LENGTH);
        NativeMemory vector = environment == null ? null
                : NativeMemory.ofEncoded(environment.stream().map(ByteBuffer::wrap).toList());
        NativeMemory supplementary = null;
        ByteBuffer fields = memory.buffer();
        fields.putLong(ENVIRONMENT, vector == null ? 0 : vector.address()).putInt(GROUPS_COUNT, UNCHANGED);
        fields.putInt(FD_DIRECTORY, fdDirectory).putInt(FILE_MASK, fileMask).putInt(NEW_SESSION, newSession ? 1 : 0);
        fields.putLong(FD_LIMIT, fdLimit).putLong(IGNORED_SIGNALS, ignoredSignals);
        if (credentials != null) {
            supplementary = NativeMemory.nativeOrder(Math.max(1, credentials.supplementary().size()) * Integer.BYTES);
            credentials.supplementary().forEach(supplementary.buffer()::putInt);
            fields.putLong(GROUPS, supplementary.address()).putInt(GROUPS_COUNT, credentials.supplementary().size());
            for (int i = 0; i < credentials.users().size(); i++) {
                fields.putInt(USERS + i * Integer.BYTES, credentials.users().get(i));
                fields.putInt(GROUP_IDS + i * Integer.BYTES, credentials.groups().get(i));
            }
        }
        return new Laid(memory, vector, supplementary);
    }
}
