// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The Java natives and the C functions are written down twice: here they are held against each other. */
class NativeSignaturesTest {

    private static final Path HEADER = Path.of("src/main/native/standpipe.h");
    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/", Pattern.DOTALL);
    private static final Pattern FUNCTION = Pattern.compile("(\\w+)\\s+(sp_\\w+)\\s*\\(([^)]*)\\)\\s*;");
    private static final Map<Class<?>, String> C_TYPES =
            Map.of(int.class, "int32_t", long.class, "int64_t", void.class, "void");

    /** Name to signature in C types, such as {@code int32_t(int32_t, int64_t)}. */
    private static final Map<String, String> FUNCTIONS = new TreeMap<>();
    private static final Map<String, String> NATIVES = new TreeMap<>();

    @BeforeAll
    static void readBothSides() throws IOException {
        Matcher function = FUNCTION.matcher(COMMENT.matcher(Files.readString(HEADER)).replaceAll(""));
        while (function.find()) {
            add(FUNCTIONS, function.group(2), function.group(1) + parameters(function.group(3)));
        }
        for (Method method : Native.class.getDeclaredMethods()) {
            if (Modifier.isNative(method.getModifiers()) && method.getName().startsWith("sp_")) {
                add(NATIVES, method.getName(), signature(method));
            }
        }
    }

    @Test
    void everyNativeHasAFunctionInC() {
        assertEquals(List.of(), without(NATIVES, FUNCTIONS));
    }

    @Test
    void everyFunctionInCHasANative() {
        assertEquals(List.of(), without(FUNCTIONS, NATIVES));
    }

    @Test
    void bothSidesHaveTheSameWidths() {
        Map<String, String> common = new TreeMap<>(FUNCTIONS);
        common.keySet().retainAll(NATIVES.keySet());
        assertEquals(common, NATIVES);
    }

    @Test
    void everyFunctionOfTheHeaderIsParsed() throws IOException {
        SortedSet<String> names = new TreeSet<>();
        Matcher name = Pattern.compile("\\bsp_\\w+(?=\\s*\\()").matcher(
                COMMENT.matcher(Files.readString(HEADER)).replaceAll(""));
        while (name.find()) {
            names.add(name.group());
        }
        assertEquals(names, FUNCTIONS.keySet());
    }

    @Test
    void everyNativeIsStatic() {
        assertTrue(Arrays.stream(Native.class.getDeclaredMethods())
                .filter(method -> Modifier.isNative(method.getModifiers()))
                .allMatch(method -> Modifier.isStatic(method.getModifiers())));
    }

    /** An object crosses as a jobject, together with the environment that it is of use in. */
    private static String signature(Method method) {
        List<String> types = Arrays.stream(method.getParameterTypes())
                .map(NativeSignaturesTest::typeInC)
                .collect(Collectors.toCollection(ArrayList::new));
        if (types.contains("jobject")) {
            types.addAll(0, List.of("JNIEnv", "jclass"));
        }
        return typeInC(method.getReturnType()) + "(" + String.join(", ", types) + ")";
    }

    private static String typeInC(Class<?> type) {
        return type.isPrimitive() ? C_TYPES.getOrDefault(type, "no C type for " + type) : "jobject";
    }

    private static String parameters(String list) {
        return Arrays.stream(list.split(","))
                .map(parameter -> parameter.strip().split("[\\s*]+")[0])
                .filter(type -> !type.equals("void"))
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private static void add(Map<String, String> signatures, String name, String signature) {
        String other = signatures.putIfAbsent(name, signature);
        if (other != null) {
            throw new AssertionError(name + " is there twice: " + other + " and " + signature);
        }
    }

    private static List<String> without(Map<String, String> signatures, Map<String, String> others) {
        return signatures.keySet().stream().filter(name -> !others.containsKey(name)).collect(Collectors.toList());
    }
}
