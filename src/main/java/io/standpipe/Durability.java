// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

/**
 * What an image's file survives, once it has its name.
 *
 * @since 0.1
 */
public enum Durability {

    /** A crash of the system, and a power cut: the file and its name are on the medium. */
    MEDIUM,

    /**
     * The end of this process, and no more: after a crash of the system the file may be missing, empty or incomplete. It has its name
     * sooner, by what the medium needs for two syncs.
     */
    NONE
}
