// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jni;

import io.standpipe.UnavailableException;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/** Why the native library could not be loaded from any place, in words and with the remedy. */
final class LoadFailure {

    private static final String LIBRARY = "the native library of Standpipe";
    private static final String NOT_EXECUTABLE = "failed to map segment from shared object";

    private static final String TOO_LARGE = "File too large";

    private final List<String> reasons = new ArrayList<>();
    private final List<Throwable> causes = new ArrayList<>();

    /** Adds a place, such as {@code in /tmp}, and why the library was not loaded there. */
    void add(String place, Throwable cause) {
        reasons.add(place + ": " + reason(cause));
        causes.add(cause);
    }

    /** Returns whether the JVM denies this code native access, wherever the library is. */
    boolean isDenied() {
        return causes.get(causes.size() - 1) instanceof IllegalCallerException;
    }

    /** Returns the exception of all that was added; the first failure is its cause, the others are its suppressed ones. */
    UnavailableException exception() {
        Throwable last = causes.get(causes.size() - 1);
        if (isDenied()) {
            return denied(last);
        }
        UnavailableException exception = new UnavailableException(
                LIBRARY + " cannot be loaded; " + String.join("; ", reasons)
                        + (isTooLarge() ? "; files may not have its size here: raise the limit with ulimit -f" : muslNote() + remedy()), causes.get(0));
        causes.stream().skip(1).forEach(exception::addSuppressed);
        return exception;
    }

    private boolean isTooLarge() {
        return causes.stream().anyMatch(cause -> String.valueOf(cause.getMessage()).contains(TOO_LARGE));
    }

    private static String remedy() {
        return "; set -Djava.io.tmpdir to a directory in which this user may write and execute files, or unpack " + inJar()
                + " of Standpipe's jar beforehand and name it with -D" + NativeLibrary.PATH_PROPERTY
                + " (attach has --library for that; the command takes options of the JVM from STANDPIPE_JAVA_OPTS)";
    }

    private static String inJar() {
        return LoadFailure.class.getPackageName().replace('.', '/') + "/" + NativePlatform.name() + "/" + PackedLibrary.FILE;
    }

    /** Returns the exception for a file that was named. */
    static UnavailableException ofNamed(File file, String by, Throwable cause) {
        return cause instanceof IllegalCallerException
                ? denied(cause)
                : new UnavailableException(
                        LIBRARY + " cannot be loaded from " + file + ", which is " + by + ": " + reason(cause)
                                + (cause instanceof UnsatisfiedLinkError ? muslNote() : "")
                                + "; name the library of this version of Standpipe (attach has --library for that), or none", cause);
    }

    /** Returns the exception for a jar without a library for this platform. */
    static UnavailableException notPacked() {
        String platform = NativePlatform.name();
        return new UnavailableException(platform.startsWith("linux-")
                ? LIBRARY + " for " + platform + " is not in its jar; build one there with mvn package, and name it with -D"
                        + NativeLibrary.PATH_PROPERTY
                : "Standpipe runs on Linux only, and this is " + platform + ": there are no other systems with tee and splice",
                new FileNotFoundException(inJar()));
    }

    /** Returns the exception for a process that can open no file. */
    static UnavailableException unreadable(IOException cause) {
        return new UnavailableException(LIBRARY + " cannot be loaded: no file can be opened, " + cause.getMessage()
                + "; close some, or raise the limit with ulimit -n", cause);
    }

    static UnavailableException forbidden(SecurityException cause) {
        return new UnavailableException(LIBRARY + " cannot be loaded: the security manager forbids it: " + cause.getMessage()
                + "; grant this in its policy", cause);
    }

    private static UnavailableException denied(Throwable cause) {
        Module module = LoadFailure.class.getModule();
        return new UnavailableException(
                LIBRARY + " cannot be loaded: this JVM denies native access (--illegal-native-access=deny); start it with"
                        + " --enable-native-access=" + (module.isNamed() ? module.getName() : "ALL-UNNAMED"), cause);
    }

    private static String reason(Throwable cause) {
        if (cause instanceof NoSuchFileException) {
            return "there is no such file or directory";
        }
        if (cause instanceof AccessDeniedException) {
            return "this user may not write there";
        }
        if (cause instanceof FileSystemException refused && refused.getReason() != null) {
            return refused.getReason();
        }
        if (cause instanceof UnsatisfiedLinkError && String.valueOf(cause.getMessage()).contains(NOT_EXECUTABLE)) {
            return "nothing there may be executed, it may be mounted noexec (" + NOT_EXECUTABLE + ")";
        }
        String message = cause instanceof IOException || cause instanceof LinkageError ? cause.getMessage() : null;
        return message == null ? cause.toString() : message;
    }

    /** A library for glibc often works with musl too, so that musl matters only where loading failed. */
    private static String muslNote() {
        try {
            return NativePlatform.mappings().contains("/ld-musl-")
                    ? "; this JVM runs on musl, and the library in the jar is built for glibc: build one for musl"
                    : "";
        } catch (IOException e) {
            return "";
        }
    }
}
