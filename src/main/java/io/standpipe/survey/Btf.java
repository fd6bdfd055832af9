// SPDX-License-Identifier: Apache-2.0
package io.standpipe.survey;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** What the running kernel tells of its own types (BTF): where the members of its structures are. */
final class Btf {

    static final Path KERNEL = Path.of("/sys/kernel/btf/vmlinux");

    private static final int MAGIC = 0xEB9F;
    private static final int HEADER_LENGTH = 24;
    private static final int TYPE_LENGTH = 12;
    private static final int MEMBER_LENGTH = 12;
    private static final int USUAL_TYPES = 1 << 17;

    private static final int INT = 1;
    private static final int POINTER = 2;
    private static final int ARRAY = 3;
    private static final int STRUCT = 4;
    private static final int UNION = 5;
    private static final int ENUM = 6;
    private static final int TYPEDEF = 8;
    private static final int RESTRICT = 11;
    private static final int FUNCTION = 12;
    private static final int FUNCTION_PROTOTYPE = 13;
    private static final int VARIABLE = 14;
    private static final int DATA_SECTION = 15;
    private static final int DECLARATION_TAG = 17;
    private static final int TYPE_TAG = 18;
    private static final int ENUM64 = 19;

    private final ByteBuffer all;
    private final int names;
    private final int[] places;
    private final int count;
    private final Map<String, Integer> structs = new HashMap<>();

    private Btf(ByteBuffer all) throws IOException {
        this.all = all;
        if (all.limit() < HEADER_LENGTH || (all.getShort(0) & 0xFFFF) != MAGIC) {
            throw new IOException(KERNEL + ": not BTF, or not in this machine's byte order");
        }
        int body = all.getInt(4);
        names = body + all.getInt(16);
        int[] found = new int[USUAL_TYPES];
        int id = 1;
        int end = body + all.getInt(8) + all.getInt(12);
        for (int at = body + all.getInt(8); at < end; at += TYPE_LENGTH + extra(at)) {
            found = id == found.length ? Arrays.copyOf(found, 2 * id) : found;
            found[id++] = at;
        }
        places = found;
        count = id;
    }

    /** @throws IOException where the kernel tells nothing, or something else */
    static Btf ofKernel() throws IOException {
        return of(Files.readAllBytes(KERNEL));
    }

    /** @throws IOException if the bytes are not what a kernel tells */
    static Btf of(byte[] bytes) throws IOException {
        try {
            return new Btf(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()));
        } catch (IndexOutOfBoundsException e) {
            throw new IOException(KERNEL + ": cut short", e);
        }
    }

    /** How many bytes are behind a type, which tell of its members. */
    private int extra(int at) throws IOException {
        int members = all.getInt(at + 4) & 0xFFFF;
        switch (kind(at)) {
            case INT:
            case VARIABLE:
            case DECLARATION_TAG:
                return 4;
            case ARRAY:
                return 12;
            case STRUCT:
            case UNION:
            case DATA_SECTION:
            case ENUM64:
                return members * MEMBER_LENGTH;
            case ENUM:
            case FUNCTION_PROTOTYPE:
                return members * 8;
            default:
                if (kind(at) > ENUM64) {
                    throw new IOException(KERNEL + ": type of kind " + kind(at) + ", expected at most " + ENUM64);
                }
                return 0;
        }
    }

    /** Where a type is told of: what it is called besides, and whether it is constant, does not matter. */
    private int place(int type) {
        int at = places[type];
        while (kind(at) >= TYPEDEF && kind(at) <= RESTRICT || kind(at) == TYPE_TAG) {
            at = places[all.getInt(at + 8)];
        }
        return at;
    }

    private int kind(int at) {
        return all.getInt(at + 4) >>> 24 & 0x1F;
    }

    /** The id of a function. */
    int function(String name) throws IOException {
        return id(FUNCTION, name);
    }

    boolean hasFunction(String name) {
        return find(FUNCTION, name) != 0;
    }

    /** The size of a structure in bytes. */
    int structSize(String name) throws IOException {
        return all.getInt(places[struct(name)] + 8);
    }

    /** Where a member of a structure is, in bytes from its beginning; a member of a member is behind a dot. */
    int offset(String struct, String member) throws IOException {
        return member(struct, member).offset;
    }

    /** Whether a member is a pointer. */
    boolean isPointer(String struct, String member) throws IOException {
        return kind(place(member(struct, member).type)) == POINTER;
    }

    /** Whether a structure has such a member. */
    boolean has(String struct, String member) throws IOException {
        return find(places[struct(struct)], bytes(member)) != null;
    }

    private record Member(int offset, int type) {}

    private Member member(String struct, String path) throws IOException {
        int at = places[struct(struct)];
        Member found = new Member(0, 0);
        for (String name : path.split("\\.")) {
            Member next = find(at, bytes(name));
            if (next == null) {
                throw new IOException(KERNEL + ": struct " + struct + " has no " + path);
            }
            found = new Member(found.offset + next.offset, next.type);
            at = place(next.type);
        }
        return found;
    }

    /** Looks in members without a name too, whose members are the structure's own. */
    private Member find(int struct, byte[] name) {
        boolean withBitFields = all.getInt(struct + 4) < 0;
        int members = all.getInt(struct + 4) & 0xFFFF;
        for (int i = 0; i < members; i++) {
            int at = struct + TYPE_LENGTH + i * MEMBER_LENGTH;
            int bits = all.getInt(at + 8);
            int offset = (withBitFields ? bits & 0xFF_FFFF : bits) / Byte.SIZE;
            int type = all.getInt(at + 4);
            if (isNamed(all.getInt(at), name)) {
                return new Member(offset, type);
            }
            int kind = kind(place(type));
            if (isNamed(all.getInt(at), new byte[0]) && (kind == STRUCT || kind == UNION)) {
                Member inner = find(place(type), name);
                if (inner != null) {
                    return new Member(offset + inner.offset, inner.type);
                }
            }
        }
        return null;
    }

    /** The id of a structure. */
    int struct(String name) throws IOException {
        Integer id = structs.get(name);
        if (id == null) {
            id = id(STRUCT, name);
            structs.put(name, id);
        }
        return id;
    }

    private int id(int kind, String name) throws IOException {
        int found = find(kind, name);
        if (found == 0) {
            throw new IOException(KERNEL + ": no " + (kind == STRUCT ? "struct " : "function ") + name);
        }
        return found;
    }

    /** No type has the id 0. */
    private int find(int kind, String name) {
        byte[] wanted = bytes(name);
        for (int id = 1; id < count; id++) {
            if (kind(places[id]) == kind && isNamed(all.getInt(places[id]), wanted)) {
                return id;
            }
        }
        return 0;
    }

    private boolean isNamed(int nameOffset, byte[] wanted) {
        int at = names + nameOffset;
        for (int i = 0; i < wanted.length; i++) {
            if (all.get(at + i) != wanted[i]) {
                return false;
            }
        }
        return all.get(at + wanted.length) == 0;
    }

    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }
}
