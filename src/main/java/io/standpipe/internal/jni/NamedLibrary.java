// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jni;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * Checks a file that was named as the native library before the JVM loads it: of a file that is no library the JVM prints a warning
 * about stacks, and of another library, or one of another version, it says nothing until a native is called.
 */
final class NamedLibrary {

    private static final String ELF = "\u007fELF";
    private static final int MACHINE_OFFSET = 18;
    private static final int X86_64 = 62;
    private static final int ARM64 = 183;
    private static final String NATIVES = "Java_" + Native.class.getName().replace('.', '_') + "_";

    private NamedLibrary() {}

    /** @throws IOException if the file is not there, or is no library of Standpipe for this platform */
    static void check(File file) throws IOException {
        if (!file.isFile()) {
            throw new IOException(file.exists() ? "it is no regular file" : "there is no such file");
        }
        byte[] bytes;
        try (InputStream in = new FileInputStream(file)) {
            bytes = in.readAllBytes();
        }
        String content = new String(bytes, StandardCharsets.ISO_8859_1);
        if (!content.startsWith(ELF) || bytes.length < MACHINE_OFFSET + 2) {
            throw new IOException("it is no shared library");
        }
        checkMachine(bytes[MACHINE_OFFSET] & 0xff | (bytes[MACHINE_OFFSET + 1] & 0xff) << 8);
        Set<String> offered = offered(content);
        for (Method method : Native.class.getDeclaredMethods()) {
            if (Modifier.isNative(method.getModifiers()) && !offered.contains(method.getName().replace("_", "_1"))) {
                throw new IOException(offered.isEmpty()
                        ? "it is another library than Standpipe's"
                        : "it is of another version of Standpipe, it has no function " + method.getName());
            }
        }
    }

    private static void checkMachine(int machine) throws IOException {
        String platform = NativePlatform.name();
        boolean other = platform.equals("linux-x86_64") && machine != X86_64
                || platform.equals("linux-arm64") && machine != ARM64;
        if (other) {
            throw new IOException("it is for another machine (ELF machine " + machine + (machine == X86_64 ? ", x86-64"
                    : machine == ARM64 ? ", arm64" : "") + ") than this JVM, which runs on " + platform);
        }
    }

    /** Returns the names of the natives that the file has functions for, as JNI writes them. */
    private static Set<String> offered(String content) {
        Set<String> names = new HashSet<>();
        for (int at = content.indexOf(NATIVES); at >= 0; at = content.indexOf(NATIVES, at + 1)) {
            int end = content.indexOf('\0', at);
            names.add(content.substring(at + NATIVES.length(), end < 0 ? content.length() : end));
        }
        return names;
    }
}
