// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

/**
 * What identifies a pipe or FIFO while somebody has it open. {@code equals} and {@code hashCode} are written out: where a record is
 * compared by generated code, JDK 17 never unloads its class nor its class loader.
 *
 * @param dev st_dev
 * @param ino st_ino
 */
public record PipeId(long dev, long ino) {

    @Override
    public boolean equals(Object other) {
        return other instanceof PipeId && ((PipeId) other).dev == dev && ((PipeId) other).ino == ino;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(ino) * 31 + Long.hashCode(dev);
    }
}
