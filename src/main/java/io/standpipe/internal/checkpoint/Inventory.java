// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.StandpipeException;

/** What processes were found to have, and by what it is found out whether they have it still. */
public final class Inventory {

    private final Sources sources;
    private final DescriptorCollector collected;

    private Inventory(Sources sources, DescriptorCollector collected) {
        this.sources = sources;
        this.collected = collected;
    }

    /** Finds what there is; the sources are closed with it, and where this fails. */
    static Inventory of(Sources sources) throws StandpipeException {
        DescriptorCollector collector = new DescriptorCollector();
        boolean complete = false;
        try {
            collector.collect(sources.all());
            complete = true;
            return new Inventory(sources, collector);
        } finally {
            if (!complete) {
                collector.close();
                sources.close();
            }
        }
    }

    DescriptorCollector collected() {
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
