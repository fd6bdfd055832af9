// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

/** What processes were found to have, and by what it is found out whether they have it still. */
final class Found {

    private final Sources sources;
    private final Collector collected;

    private Found(Sources sources, Collector collected) {
        this.sources = sources;
        this.collected = collected;
    }

    /** Finds what there is; the sources are closed with it, and where this fails. */
    static Found of(Sources sources) throws StandpipeException {
        Collector collector = new Collector();
        boolean complete = false;
        try {
            collector.collect(sources.all());
            complete = true;
            return new Found(sources, collector);
        } finally {
            if (!complete) {
                collector.close();
                sources.close();
            }
        }
    }

    Collector collected() {
        return collected;
    }

    /** Whether the processes have what was found, and nothing else. */
    boolean isAsItWas() throws StandpipeException {
        return collected.isAsItWas(sources.all());
    }

    /** After that it cannot be found out any more. */
    void stopLooking() {
        sources.close();
    }

    void close() {
        stopLooking();
        collected.close();
    }
}
