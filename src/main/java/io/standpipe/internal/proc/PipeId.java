// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

/**
 * What names a pipe while it is there. Compared by code of its own: where a record is compared by generated code, JDK 17 keeps
 * its class, and so its class loader, for ever.
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
