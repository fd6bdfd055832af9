// SPDX-License-Identifier: Apache-2.0
package io.standpipe.agent;

import java.io.IOException;
import java.util.List;

/**
 * Standpipe's MXBean, {@value #NAME}, for jconsole, jmxterm, Jolokia and similar clients: every parameter is text. Safe for use
 * by several threads; operations are carried out one at a time. A failure throws an {@code IOException} whose message names the
 * cause (its cause is an {@code UnsupportedOperationException} where the kernel, a permission or a limit does not allow the operation, and
 * a {@code StreamCorruptedException} where an image is refused), and a wrong parameter throws an {@code IllegalArgumentException}: every
 * client has these classes.
 *
 * @since 0.1
 */
public interface StandpipeMXBean {

    /** The object name of the bean; a further copy of Standpipe in the same JVM adds {@code ,copy=2} and so on. */
    String NAME = "io.standpipe:type=Standpipe";

    /**
     * Returns the pipe ends that this JVM has open, whatever opened them. Changes nothing.
     *
     * @throws IOException if they cannot be listed
     */
    List<OpenPipeEnd> getPipes() throws IOException;

    /** Returns the names given to {@link StandpipeManagement#name}, separated by commas; empty if nothing is named. */
    String getNamed();

    /** Returns the paths of the images that {@link #restore} restores under the objects that they were saved from, the oldest first. */
    List<String> getImages();

    /**
     * Saves the named pipes; if nothing is named, those of standard input, output and error that are pipes.
     *
     * @param file path of the image; the file appears when the image is complete
     * @return a sentence for people: how many pipes and bytes, which fds, which file
     * @throws IOException if it fails; the message names the cause
     */
    String checkpoint(String file) throws IOException;

    /**
     * Saves the pipes behind some fds.
     *
     * @param descriptors the fds, separated by commas, such as {@code 5,6}
     * @param file path of the image; the file appears when the image is complete
     * @return a sentence for people: how many pipes and bytes, which fds, which file
     * @throws IOException if it fails; the message names the cause
     */
    String checkpointDescriptors(String descriptors, String file) throws IOException;

    /**
     * Restores the pipes of an image in place. If the image is one of the last 100 that this bean saved, the pipes are restored
     * under the same Java objects; pipes of any other image need their fds to be free.
     *
     * @param file path of the image
     * @return a sentence for people: which fds, how many bytes, which deviations
     * @throws IOException if it fails; the message names the cause
     */
    String restore(String file) throws IOException;

    /** Returns what the last operation did, or why it failed; empty before the first operation. */
    String getLastReport();

    /**
     * Returns how many images were written. This and the other counts are of all that the library did in the bean's class loader
     * since it was loaded, whether the bean was asked or the application called the library itself. They never decrease.
     */
    long getCheckpoints();

    /** Returns how many checkpoints failed. */
    long getFailedCheckpoints();

    /** Returns how many pipes the images hold, all together. */
    long getSavedPipes();

    /** Returns how many bytes in flight the images hold, all together. */
    long getSavedBytes();

    /** Returns for how long processes were frozen, all together, in nanoseconds. This JVM's own pipes are saved without a freeze. */
    long getFrozenNanos();

    /** Returns for how long images were written, all together, in nanoseconds. */
    long getWritingNanos();

    /** Returns for how long the last checkpoint or snapshot froze processes, in nanoseconds; 0 if it froze none. */
    long getLastFrozenNanos();

    /** Returns when the last image was complete, in milliseconds since 1970; 0 if none was. */
    long getLastCheckpointMillis();

    /** Returns how many restores succeeded, in place or not. */
    long getRestores();

    /** Returns how many restores failed. */
    long getFailedRestores();

    /** Returns how many pipes were restored, all together. */
    long getRestoredPipes();

    /** Returns how many bytes in flight were restored, all together. */
    long getRestoredBytes();
}
