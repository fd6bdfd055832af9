// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;

import java.lang.ref.Reference;

/** Fields and constructors of the JDK's own classes, by JNI: reflection reaches them only with {@code --add-opens}. */
public final class JniReflection {

    private JniReflection() {}

    /**
     * Returns the value of an {@code int} field.
     *
     * @throws NoSuchFieldError if the class has no such field
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
     * Returns the value of a {@code boolean} field.
     *
     * @throws NoSuchFieldError if the class has no such field
     */
    public static boolean booleanField(Object object, Class<?> declaringClass, String field) {
        int[] found = new int[1];
        NativeMemory name = ScratchMemory.ofString(field);
        try {
            Native.sp_boolean_field(declaringClass.cast(object), declaringClass, name.address(), found);
        } finally {
            ScratchMemory.giveBack(name);
        }
        return found[0] != 0;
    }

    /**
     * Returns the value of a field that holds an object.
     *
     * @throws NoSuchFieldError if the class has no such field of that type
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
     * Makes an object by the constructor that has two parameters of exactly these types.
     *
     * @throws NoSuchMethodError if the class has no such constructor
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
