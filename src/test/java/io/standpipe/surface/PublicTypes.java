// SPDX-License-Identifier: Apache-2.0
package io.standpipe.surface;

import io.standpipe.Checkpoint;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What users can see: the exported packages, and their public types. */
final class PublicTypes {

    static final Path SOURCES = Path.of("src/main/java");

    private PublicTypes() {}

    /** Returns the packages that the module exports. */
    static List<String> packages() throws IOException {
        return Pattern.compile("exports ([\\w.]+);").matcher(Files.readString(SOURCES.resolve("module-info.java"))).results()
                .map(match -> match.group(1))
                .sorted()
                .toList();
    }

    /** Returns the public types by package and name, each followed by those that are nested in it. */
    static List<Class<?>> all() throws IOException, URISyntaxException, ClassNotFoundException {
        Path classes = Path.of(Checkpoint.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<Class<?>> types = new ArrayList<>();
        for (String exported : packages()) {
            try (Stream<Path> files = Files.list(classes.resolve(exported.replace('.', '/')))) {
                for (String file : files.map(path -> path.getFileName().toString()).sorted().toList()) {
                    if (file.endsWith(".class") && !file.contains("$") && !file.equals("package-info.class")) {
                        add(Class.forName(exported + "." + file.replace(".class", ""), false, PublicTypes.class.getClassLoader()), types);
                    }
                }
            }
        }
        return types;
    }

    private static void add(Class<?> type, List<Class<?>> types) {
        if (Modifier.isPublic(type.getModifiers())) {
            types.add(type);
            Class<?>[] nested = type.getDeclaredClasses();
            Arrays.sort(nested, Comparator.comparing(Class::getName));
            Arrays.stream(nested).forEach(each -> add(each, types));
        }
    }

    /** Returns the name of a type without its package, such as {@code Image.Pipe}. */
    static String name(Class<?> type) {
        return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
    }
}
