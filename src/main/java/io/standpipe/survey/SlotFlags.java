// SPDX-License-Identifier: Apache-2.0
package io.standpipe.survey;

/** What a slot's flags say, since Linux 5.8; no kernel tells what it means by them, so each is tried out before it is believed. */
final class SlotFlags {

    static final int PACKET = 0x08;
    static final int CAN_MERGE = 0x10;

    private SlotFlags() {}
}
