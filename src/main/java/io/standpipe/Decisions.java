// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

/**
 * Listens to progress, and to what was found and decided on the way, such as how processes were frozen and why.
 *
 * @since 0.1
 */
public interface Decisions extends Progress {

    /**
     * Reports what was found or decided, when it can no longer change. Called like {@link #reached}: never while processes are frozen.
     *
     * @param sentence for people, with the reason
     */
    void decided(String sentence);
}
