// SPDX-License-Identifier: Apache-2.0
package io.standpipe.agent;

import java.io.IOException;
import java.util.List;

/**
 * Standpipe's management, {@value #NAME}, for jconsole, jmxterm, Jolokia and their like: all parameters are text or nothing.
 * Safe for use by several threads; one operation at a time is carried out. What fails does so with an {@code IOException}
 * whose message says why, and wrong parameters with an {@code IllegalArgumentException}; both are known to every client.
 */
public interface StandpipeMXBean {

    /** The bean's object name. */
    String NAME = "io.standpipe:type=Standpipe";

    /** The pipes that this JVM has open, whatever opened them. Looks only. */
    List<OpenPipeEnd> getPipes() throws IOException;

    /** The descriptors that a checkpoint saves if none are named: those given to {@link StandpipeManagement#name}. */
    String getNamed();

    /**
     * Saves the named pipes; where none are named, standard input, output and error, as far as these are pipes.
     *
     * @param file the image, which appears when it is whole
     * @return what was saved
     */
    String checkpoint(String file) throws IOException;

    /**
     * Saves pipes by their descriptors' numbers.
     *
     * @param descriptors numbers with commas between them, such as {@code 5,6}
     */
    String checkpointDescriptors(String descriptors, String file) throws IOException;

    /** Restores in place what one of the last checkpoints saved to a file, or what a file holds into numbers that are free. */
    String restore(String file) throws IOException;

    /** What the last operation did, or why it failed; empty if there was none. */
    String getLastReport();
}
