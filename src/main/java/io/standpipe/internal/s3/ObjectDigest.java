// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.s3;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** The ETags that an object is to have: the MD5 of all of it, and for one of several parts the MD5 of the parts' MD5s with their number. */
final class ObjectDigest {

    private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");
    private static final Pattern COMPOSITE = Pattern.compile("[0-9a-f]{32}-[0-9]+");

    private final MessageDigest whole = md5();
    private final MessageDigest ofParts = md5();
    private MessageDigest part = md5();
    private int parts;
    private long leftOfPart = PartSizes.sizeBytes(1);

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

    /** Returns whether the store hashes what it has encrypted, so that an ETag is no MD5 of what was sent. */
    static boolean isOfCiphertext(@Nullable ServerSideEncryption encryption) {
        return encryption != null && encryption != ServerSideEncryption.AES256;
    }

    static boolean isComposite(String etag) {
        return COMPOSITE.matcher(etag).matches();
    }

    /** Returns the ETag of an object whose parts' MD5s are these, one after the other. */
    static String composite(MessageDigest ofParts, int parts) {
        return hex(ofParts.digest()) + "-" + parts;
    }

    /** Takes in the next bytes of an object. */
    void update(byte[] bytes, int offset, int length) {
        whole.update(bytes, offset, length);
        for (int done = 0; done < length; ) {
            int now = (int) Math.min(leftOfPart, length - done);
            part.update(bytes, offset + done, now);
            done += now;
            leftOfPart -= now;
            if (leftOfPart == 0) {
                endPart();
            }
        }
    }

    private void endPart() {
        ofParts.update(part.digest());
        parts++;
        leftOfPart = PartSizes.sizeBytes(parts + 1);
        part = md5();
    }

    /** Returns whether what was taken in, which is all of the object, contradicts an ETag; that of another form contradicts nothing. */
    boolean contradicts(String etag, boolean partsAreOurs) {
        if (isMd5(etag)) {
            return !hex(whole.digest()).equals(etag);
        }
        if (!isComposite(etag) || !partsAreOurs) {
            return false;
        }
        if (leftOfPart != PartSizes.sizeBytes(parts + 1)) {
            endPart();
        }
        // Another number of parts is that of a copy, which a tool has divided in its own way.
        return etag.endsWith("-" + parts) && !composite(ofParts, parts).equals(etag);
    }
}
