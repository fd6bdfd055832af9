// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.io.IOException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The records of an image that are part of its structure, one after another. Deals with the others: INFO and DIGEST, which it checks,
 * extensions that nobody here knows, and the series' records of what is no pipe.
 */
final class RecordStream {

    private final RecordCursor cursor;
    private @Nullable InfoRecord info;
    /** One for all pipes. */
    private OptionalInt pageSizeBytes = OptionalInt.empty();
    private long unknownRecords;
    private long otherRecords;
    private boolean digestSeen;
    private boolean treeSeen;
    private boolean behindOther;

    RecordStream(RecordCursor cursor) {
        this.cursor = cursor;
    }

    /** Goes to the next record that is part of the structure. */
    void next() throws IOException {
        treeSeen |= cursor.isAt(RecordType.TREE);
        while (true) {
            cursor.next();
            if (digestSeen && !cursor.isAt(RecordType.TAIL)) {
                throw cursor.malformed("found " + cursor.typeName() + " behind DIGEST, expected TAIL");
            }
            if (cursor.isAt(RecordType.INFO)) {
                readInfo();
            } else if (cursor.isAt(RecordType.DIGEST)) {
                SmallRecords.Digest.check(cursor, cursor.crcBefore(), cursor.coveredBefore());
                digestSeen = true;
            } else if (isOther()) {
                otherRecords++;
                behindOther = true;
            } else if (!RecordType.isExtension(cursor.type()) || isExtensionWithAPlace()) {
                behindOther = false;
                return;
            } else if (!cursor.isAt(RecordType.PAD)) {
                unknownRecords++;
            }
        }
    }

    private boolean isOther() {
        boolean belongsToOther = behindOther && (cursor.isAt(RecordType.BUFFER) || cursor.isAt(RecordType.STRING));
        return belongsToOther
                || OtherRecords.contain(cursor.type()) && OtherRecords.belongsBeforeTree(cursor.type()) != treeSeen;
    }

    private boolean isExtensionWithAPlace() {
        return cursor.isAt(RecordType.PIPE_STATE)
                || cursor.isAt(RecordType.SLOTS)
                || cursor.isAt(RecordType.OWNER)
                || cursor.isAt(RecordType.PROGRAM);
    }

    /** Counts the record among those of what is no pipe. */
    void countOther() {
        otherRecords++;
    }

    /** Counts the record among those of what is no pipe, and what belongs to it. */
    void leaveOut() {
        countOther();
        behindOther = true;
    }

    private void readInfo() throws MalformedImageException {
        if (info != null) {
            throw cursor.malformed("INFO: found a second one, expected none");
        }
        info = InfoRecord.decode(cursor);
        pageSizeBytes = OptionalInt.of(info.pageSizeBytes());
    }

    boolean isAt(RecordType type) {
        return cursor.isAt(type);
    }

    /** Returns the record that it is at. */
    RecordCursor record() {
        return cursor;
    }

    /** Goes to the next record, which must be of a type. */
    RecordCursor expect(RecordType type) throws IOException {
        next();
        expectType(type);
        return cursor;
    }

    /** Throws unless the record is of a type. */
    void expectType(RecordType type) throws IOException {
        if (cursor.isAt(RecordType.ERROR)) {
            throw gaveUp();
        }
        if (!cursor.isAt(type)) {
            throw cursor.malformed("found " + cursor.typeName() + ", expected " + type);
        }
    }

    /** Returns what ERROR means, with the reason if the writer said why. */
    private MalformedImageException gaveUp() throws IOException {
        long at = cursor.offset();
        String problem = "ERROR: whoever wrote the image gave up before its end";
        try {
            cursor.next();
            if (cursor.isAt(RecordType.STRING)) {
                problem += ": " + EscapedPath.of(SmallRecords.Text.decode(cursor));
            }
        } catch (MalformedImageException e) {
            problem += " (and not why: " + e.getMessage() + ")";
        }
        return new MalformedImageException(at, problem);
    }

    @Nullable InfoRecord info() {
        return info;
    }

    /** Returns the size of a page on the machine that wrote, if INFO has said it. */
    OptionalInt pageSizeBytes() {
        return pageSizeBytes;
    }

    boolean digestSeen() {
        return digestSeen;
    }

    long unknownRecords() {
        return unknownRecords;
    }

    long otherRecords() {
        return otherRecords;
    }
}
