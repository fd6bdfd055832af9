// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.s3;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** What an ETag says: the MD5 of an object, or of one of several parts the MD5 of the parts' MD5s with their number. */
final class ObjectDigest {

    static final int MD5_BYTES = 16;

    private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");
    private static final Pattern COMPOSITE = Pattern.compile("[0-9a-f]{32}-[0-9]+");

    private ObjectDigest() {}

    static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no MD5, which S3 is made of", e);
        }
    }

    static String hex(byte[] hash) {
        return HexFormat.of().formatHex(hash);
    }

    /** Returns an ETag without its quotation marks. */
    static String unquoted(String etag) {
        return etag.replace("\"", "");
    }

    /** Returns whether an ETag has the form of an MD5. */
    static boolean isMd5(String etag) {
        return MD5.matcher(etag).matches();
    }

    /** Returns whether an ETag has the form of that of several parts. */
    static boolean isComposite(String etag) {
        return COMPOSITE.matcher(etag).matches();
    }

    /** Returns whether the store hashes what it has encrypted, so that an ETag is no MD5 of what was sent. */
    static boolean isOfCiphertext(@Nullable ServerSideEncryption encryption) {
        return encryption != null && encryption != ServerSideEncryption.AES256;
    }

    /** Returns the ETag of an object whose parts' MD5s have been taken in, one after the other. */
    static String composite(MessageDigest ofParts, int parts) {
        return hex(ofParts.digest()) + "-" + parts;
    }
}
