// SPDX-License-Identifier: Apache-2.0
package org.example.bundle;

import io.standpipe.Checkpoint;
import io.standpipe.JavaDescriptor;
import io.standpipe.Restore;
import io.standpipe.RestoredPipes;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Saves what is in a pipe of this JVM, restores it, and reads it there, when the bundle starts. */
public final class Activator implements BundleActivator {

    @Override
    public void start(BundleContext context) throws Exception {
        if (Checkpoint.class.getClassLoader() == Activator.class.getClassLoader()
                || Checkpoint.class.getClassLoader() == ClassLoader.getSystemClassLoader()) {
            throw new AssertionError("the library is not in a bundle of its own");
        }
        byte[] written = "in flight".getBytes(StandardCharsets.UTF_8);
        Path image = Files.createTempDirectory("bundle").resolve("own.ckpt");
        Pipe pipe = Pipe.open();
        pipe.sink().write(ByteBuffer.wrap(written));
        int reader = JavaDescriptor.of(pipe.source()).number();
        Checkpoint.ofDescriptors(reader).writeTo(image);
        try (RestoredPipes pipes = Restore.from(image).open()) {
            String read = new String(pipes.inputStream(reader).readNBytes(written.length), StandardCharsets.UTF_8);
            if (!read.equals("in flight")) {
                throw new AssertionError("restored: " + read);
            }
        } finally {
            Files.delete(image);
            Files.delete(image.getParent());
            pipe.sink().close();
            pipe.source().close();
        }
    }

    @Override
    public void stop(BundleContext context) {}
}
