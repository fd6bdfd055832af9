// SPDX-License-Identifier: Apache-2.0
// Converts the classes of a jar that are of Java 5 or older to the class file format of Java 8, which has stack maps. A class without
// stack maps is verified by the old verifier, and left out of CDS archives, with which a JVM starts faster. The classes' code and
// the rest of the jar stay as they are. Each converted class is loaded from the new jar, so that the JVM verifies it.
// Usage: java -cp asm.jar NewerClasses.java JAR

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

public final class NewerClasses {

    private static final int FIRST_WITH_STACK_MAPS = Opcodes.V1_6;
    private static final int WANTED = Opcodes.V1_8;
    private static final int VERSION_OFFSET = 6;

    public static void main(String[] args) throws Exception {
        Path jar = Path.of(args[0]);
        Path newer = Path.of(args[0] + ".newer");
        List<String> made = new ArrayList<>();
        try (JarFile from = new JarFile(jar.toFile());
                URLClassLoader classes = loader(jar);
                JarOutputStream to = new JarOutputStream(Files.newOutputStream(newer))) {
            for (JarEntry entry : (Iterable<JarEntry>) from.stream()::iterator) {
                byte[] bytes = from.getInputStream(entry).readAllBytes();
                if (isOld(entry, bytes)) {
                    bytes = newer(bytes, classes);
                    made.add(entry.getName().replace(".class", "").replace('/', '.'));
                }
                JarEntry copy = new JarEntry(entry.getName());
                copy.setTimeLocal(entry.getTimeLocal());
                to.putNextEntry(copy);
                to.write(bytes);
                to.closeEntry();
            }
        }
        try (URLClassLoader classes = loader(newer)) {
            for (String name : made) {
                Class.forName(name, true, classes);
            }
        }
        Files.move(newer, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private static URLClassLoader loader(Path jar) throws IOException {
        return new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
    }

    private static boolean isOld(JarEntry entry, byte[] bytes) {
        return entry.getName().endsWith(".class")
                && ((bytes[VERSION_OFFSET] & 0xff) << 8 | bytes[VERSION_OFFSET + 1] & 0xff) < FIRST_WITH_STACK_MAPS;
    }

    private static byte[] newer(byte[] bytes, ClassLoader classes) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
            @Override
            protected ClassLoader getClassLoader() {
                return classes;
            }
        };
        new ClassReader(bytes).accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public void visit(
                            int version, int access, String name, String signature, String parent, String[] interfaces) {
                        super.visit(WANTED, access, name, signature, parent, interfaces);
                    }
                },
                ClassReader.SKIP_FRAMES);
        return writer.toByteArray();
    }
}
