// SPDX-License-Identifier: Apache-2.0
package io.standpipe.soak;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** What stands for bytes in a comparison of many. */
final class Digests {

    private Digests() {}

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
