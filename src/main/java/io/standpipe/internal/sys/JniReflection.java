// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;

import java.lang.ref.Reference;

/** Fields and constructors of the JDK's own classes, which reflection does not reach and JNI does, without any flag. */
public final class JniReflection {

    private JniReflection() {}

    /**
     * The value of an int field.
     *
     * @throws NoSuchFieldError if this JDK's class has no such field
     */
    public static int intField(Object object, Class<?> declaringClass, String field) {
        int[] found = new int[1];
        NativeMemory name = ScratchMemory.ofString(field);
        try {
            Native.sp_int_field(declaringClass.cast(object), declaringClass, name.address(), found);
        } finally {
            ScratchMemory.giveBack(name);
        }
        return found[0];
    }

    /**
     * The value of a field that holds an object.
     *
     * @throws NoSuchFieldError if this JDK's class has no such field of that type
     */
    public static <T> T objectField(Object object, Class<?> declaringClass, String field, Class<T> type) {
        Object[] found = new Object[1];
        NativeMemory name = ScratchMemory.ofString(field);
        NativeMemory signature = ScratchMemory.ofString(type.descriptorString());
        try {
            Native.sp_object_field(
                    declaringClass.cast(object), declaringClass, name.address(), signature.address(), found);
        } finally {
            ScratchMemory.giveBack(name);
            ScratchMemory.giveBack(signature);
        }
        return type.cast(found[0]);
    }

    /**
     * A new object of a class, made by its constructor of two parameters of just these types.
     *
     * @throws NoSuchMethodError if this JDK's class has no such constructor
     */
    public static <A, B> Object construct(Class<?> made, Class<A> firstType, A first, Class<B> secondType, B second) {
        Object[] result = new Object[1];
        NativeMemory signature = NativeMemory.ofString(
                "(" + firstType.descriptorString() + secondType.descriptorString() + ")V");
        Native.sp_construct(made, signature.address(), first, second, result);
        Reference.reachabilityFence(signature);
        return result[0];
    }
}
