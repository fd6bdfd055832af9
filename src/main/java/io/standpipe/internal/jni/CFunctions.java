// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jni;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Functions of the C library, called through {@code java.lang.foreign}: by reflection, since Standpipe is compiled for JDK 17. The
 * JVM must allow native access for it, as for loading a library.
 */
final class CFunctions {

    private static final String FOREIGN = "java.lang.foreign.";

    private final Class<?> linkerType = type("Linker");
    private final Class<?> layoutType = type("MemoryLayout");
    private final Object linker = call(linkerType, "nativeLinker", null, new Class<?>[0]);
    private final Object arena = call(type("Arena"), "ofAuto", null, new Class<?>[0]);

    /** @throws IOException if this JVM does not have java.lang.foreign */
    CFunctions() throws IOException {}

    /**
     * Calls a function that returns an int.
     *
     * @param declared how many parameters it has by name; the other arguments are variadic
     * @param arguments ints and strings
     * @throws IOException if the C library has no such function
     * @throws IllegalCallerException if the JVM denies native access
     */
    int call(String function, int declared, Object... arguments) throws IOException {
        Object layouts = Array.newInstance(layoutType, arguments.length);
        Object[] passed = new Object[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            boolean isString = arguments[i] instanceof String;
            Array.set(layouts, i, layout(isString ? "ADDRESS" : "JAVA_INT"));
            passed[i] = isString
                    ? call(type("Arena"), "allocateFrom", arena, new Class<?>[] {String.class}, arguments[i])
                    : arguments[i];
        }
        Object signature = call(
                type("FunctionDescriptor"), "of", null, new Class<?>[] {layoutType, layouts.getClass()}, layout("JAVA_INT"), layouts);
        boolean variadic = declared < arguments.length;
        Object options = Array.newInstance(type("Linker$Option"), variadic ? 1 : 0);
        if (variadic) {
            Array.set(options, 0, call(type("Linker$Option"), "firstVariadicArg", null, new Class<?>[] {int.class}, declared));
        }
        MethodHandle handle = (MethodHandle) call(
                linkerType, "downcallHandle", linker,
                new Class<?>[] {type("MemorySegment"), type("FunctionDescriptor"), options.getClass()},
                address(function), signature, options);
        try {
            return (int) handle.invokeWithArguments(passed);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException(e);
        }
    }

    private Object address(String function) throws IOException {
        Object lookup = call(linkerType, "defaultLookup", linker, new Class<?>[0]);
        Optional<?> found = (Optional<?>) call(type("SymbolLookup"), "find", lookup, new Class<?>[] {String.class}, function);
        if (found.isEmpty()) {
            throw new IOException("the C library has no function " + function);
        }
        return found.get();
    }

    private static Object layout(String name) throws IOException {
        try {
            return type("ValueLayout").getField(name).get(null);
        } catch (ReflectiveOperationException e) {
            throw new IOException("this JVM's " + FOREIGN + "ValueLayout is not as expected: " + e, e);
        }
    }

    private static Class<?> type(String name) throws IOException {
        try {
            return Class.forName(FOREIGN + name);
        } catch (ClassNotFoundException e) {
            throw new IOException("this JVM has no " + FOREIGN + name, e);
        }
    }

    private static Object call(Class<?> type, String method, @Nullable Object target, Class<?>[] types, Object... arguments)
            throws IOException {
        try {
            return type.getMethod(method, types).invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IOException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IOException("this JVM's " + type.getName() + " is not as expected: " + e, e);
        }
    }
}
