// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.util.Optional;

/**
 * The system call tee by way of the foreign function API. JDK 22 is the first to have it and this is compiled for 17, so
 * it is looked up by reflection, once; the handle that comes of it is called like any other.
 */
final class FfmTee {

    private static final MethodHandle TEE = link();

    private FfmTee() {}

    /** @return bytes cloned, or -1 */
    static long tee(int fdIn, int fdOut, long lengthBytes, int flags) {
        try {
            return (long) TEE.invokeExact(fdIn, fdOut, lengthBytes, flags);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static MethodHandle link() {
        try {
            Class<?> linkerType = foreign("Linker");
            Object linker = linkerType.getMethod("nativeLinker").invoke(null);
            Object lookup = linkerType.getMethod("defaultLookup").invoke(linker);
            Object symbol = ((Optional<?>) foreign("SymbolLookup").getMethod("find", String.class).invoke(lookup, "tee"))
                    .orElseThrow();
            Object[] noOptions = (Object[]) Array.newInstance(foreign("Linker$Option"), 0);
            return (MethodHandle) linkerType
                    .getMethod("downcallHandle", foreign("MemorySegment"), foreign("FunctionDescriptor"), noOptions.getClass())
                    .invoke(linker, symbol, signature(), noOptions);
        } catch (ReflectiveOperationException e) {
            Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
            throw new UnsupportedOperationException("no foreign function API in this JDK, or not as in JDK 22", cause);
        }
    }

    private static Object signature() throws ReflectiveOperationException {
        Class<?> layout = foreign("MemoryLayout");
        Object number = foreign("ValueLayout").getField("JAVA_INT").get(null);
        Object longNumber = foreign("ValueLayout").getField("JAVA_LONG").get(null);
        Object arguments = Array.newInstance(layout, 4);
        Array.set(arguments, 0, number);
        Array.set(arguments, 1, number);
        Array.set(arguments, 2, longNumber);
        Array.set(arguments, 3, number);
        return foreign("FunctionDescriptor")
                .getMethod("of", layout, arguments.getClass())
                .invoke(null, longNumber, arguments);
    }

    private static Class<?> foreign(String name) throws ClassNotFoundException {
        return Class.forName("java.lang.foreign." + name);
    }
}
