// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

/** What an objref can stand for. */
public enum ObjectType {
    /** A pipe: the two-headed inode with its buffer. */
    INODE,
    /** A process's table of descriptors. */
    FILE_TABLE,
    /** An open file description. */
    FILE
}
