// SPDX-License-Identifier: Apache-2.0
package io.standpipe.surface;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes a type and its members as text, a line each. A question mark stands behind what may be null. */
final class Signatures {

    /** What every type has, as Java defines it. */
    private static final Set<String> OF_EVERY_TYPE = Set.of("equals", "hashCode", "toString", "values", "valueOf");

    private Signatures() {}

    /** Returns the lines of a type: the type itself, then its members by name. */
    static List<String> of(Class<?> type) {
        Set<String> members = new TreeSet<>();
        for (Field field : type.getDeclaredFields()) {
            if (isVisible(field.getModifiers())) {
                members.add("  " + modifiers(field.getModifiers()) + field.getName() + ": " + text(field.getAnnotatedType()));
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            // Those of a record are no promise: a later release may add components.
            if (isVisible(constructor.getModifiers()) && !type.isRecord()) {
                members.add("  new" + parameters(constructor));
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            if (isVisible(method.getModifiers()) && !method.isSynthetic() && !OF_EVERY_TYPE.contains(method.getName())) {
                members.add("  " + modifiers(method.getModifiers()) + method.getName() + parameters(method) + ": "
                        + text(method.getAnnotatedReturnType()) + thrown(method));
            }
        }
        String above = type.getGenericSuperclass() == null || type.isEnum() || type.isRecord() || type.getSuperclass() == Object.class
                ? "" : " extends " + shortened(type.getGenericSuperclass().getTypeName());
        String interfaces = Arrays.stream(type.getGenericInterfaces())
                .map(each -> shortened(each.getTypeName()))
                .collect(Collectors.joining(", "));
        String header = (Modifier.isFinal(type.getModifiers()) && !type.isEnum() && !type.isRecord() ? "final " : "") + kind(type) + " "
                + type.getPackageName() + "." + PublicTypes.name(type) + above + (interfaces.isEmpty() ? "" : " is " + interfaces);
        return java.util.stream.Stream.concat(java.util.stream.Stream.of(header), members.stream()).toList();
    }

    private static String kind(Class<?> type) {
        return type.isInterface() ? "interface" : type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String modifiers(int modifiers) {
        return (Modifier.isProtected(modifiers) ? "protected " : "") + (Modifier.isStatic(modifiers) ? "static " : "");
    }

    private static String parameters(Executable executable) {
        AnnotatedType[] types = executable.getAnnotatedParameterTypes();
        String text = Arrays.stream(types).map(Signatures::text).collect(Collectors.joining(", ", "(", ")"));
        return executable.isVarArgs() ? text.replaceFirst("\\[]\\)$", "...)") : text;
    }

    private static String thrown(Method method) {
        String text = Arrays.stream(method.getExceptionTypes()).map(Class::getSimpleName).collect(Collectors.joining(", "));
        return text.isEmpty() ? "" : " throws " + text;
    }

    private static String text(AnnotatedType type) {
        return shortened(type.getType().getTypeName()) + (type.isAnnotationPresent(Nullable.class) ? "?" : "");
    }

    private static String shortened(String name) {
        return name.replaceAll("\\b(?:[a-z]\\w*\\.)+([A-Z])", "$1").replace('$', '.');
    }
}
