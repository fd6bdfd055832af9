// SPDX-License-Identifier: Apache-2.0
package org.example.bundle;

import io.standpipe.Checkpoint;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** Starts the bundle in each framework that is on the class path: with the flight recorder, and without any package of the JDK but java.*. */
public final class Launcher {

    private static final String LEAST = "org.osgi.framework;version=1.10";
    /** What the flight recorder needs for the events of a bundle. */
    private static final Map<String, String> RECORDED = Map.of(Constants.FRAMEWORK_BOOTDELEGATION, "jdk.jfr.internal.*");

    private Launcher() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        String bundle = Path.of(arguments[1]).toUri().toString();
        String library = Checkpoint.class.getProtectionDomain().getCodeSource().getLocation().toString();
        checkExports(Path.of(URI.create(library)));
        int frameworks = 0;
        for (FrameworkFactory factory : ServiceLoader.load(FrameworkFactory.class)) {
            long recorded = recordedIn(directory, () -> runTwice(factory, RECORDED, directory, library, bundle));
            if (recorded != 2) {
                throw new AssertionError(recorded + " checkpoints were recorded, expected 2");
            }
            recordedIn(directory, () -> runTwice(factory, Map.of(Constants.FRAMEWORK_SYSTEMPACKAGES, LEAST), directory, library, bundle));
            frameworks++;
        }
        if (frameworks != 2) {
            throw new AssertionError(frameworks + " frameworks, expected 2");
        }
    }

    /** The bundle exports what the module exports. */
    private static void checkExports(Path library) throws Exception {
        Set<String> ofModule = new TreeSet<>();
        ModuleFinder.of(library).find("io.standpipe").orElseThrow().descriptor().exports().forEach(each -> ofModule.add(each.source()));
        try (JarFile jar = new JarFile(library.toFile())) {
            Set<String> ofBundle = new TreeSet<>();
            String header = jar.getManifest().getMainAttributes().getValue(Constants.EXPORT_PACKAGE);
            Matcher each = Pattern.compile("([\\w.]+);version=\"(\\d+\\.\\d+\\.\\d+)\"").matcher(header);
            while (each.find()) {
                ofBundle.add(each.group(1));
            }
            if (!ofBundle.equals(ofModule)) {
                throw new AssertionError("the bundle exports " + ofBundle + ", and the module " + ofModule);
            }
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    /** Returns how many checkpoints the flight recorder saw meanwhile. */
    private static long recordedIn(Path directory, Step step) throws Exception {
        Path file = Files.createTempFile(directory, "recorded", ".jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            step.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals("standpipe.Checkpoint"))
                .count();
    }

    /** The second time with new class loaders in the same JVM, whose native library has been loaded already. */
    private static void runTwice(FrameworkFactory factory, Map<String, String> more, Path directory, String library, String bundle)
            throws Exception {
        Map<String, String> options = new HashMap<>(more);
        options.put(Constants.FRAMEWORK_STORAGE, Files.createTempDirectory(directory, "framework").toString());
        options.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        Framework framework = factory.newFramework(options);
        framework.start();
        try {
            for (int i = 0; i < 2; i++) {
                run(framework, library, bundle);
            }
            System.out.println("bundle: saved and restored in " + framework.getClass().getName()
                    + (more == RECORDED ? ", and recorded it" : ", with nothing of the JDK but java.*"));
        } finally {
            framework.stop();
            framework.waitForStop(10_000);
        }
    }

    private static void run(Framework framework, String library, String bundle) throws BundleException, IOException {
        Bundle standpipe = framework.getBundleContext().installBundle(library);
        Bundle own = framework.getBundleContext().installBundle(bundle);
        own.start();
        if (own.getState() != Bundle.ACTIVE || !standpipe.getSymbolicName().equals("io.standpipe")) {
            throw new AssertionError(own + " is in state " + own.getState() + ", beside " + standpipe);
        }
        own.uninstall();
        standpipe.uninstall();
    }
}
