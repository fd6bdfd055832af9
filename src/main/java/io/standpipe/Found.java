// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

/**
 * What processes were found to have, by surveys or by asking for each descriptor, and by what it is found out whether they have it
 * still.
 */
final class Found {

    private final Sources sources;
    private final Collector collected;
    private final SurveyedProcesses surveyed;

    private Found(Sources sources, Collector collected, SurveyedProcesses surveyed) {
        this.sources = sources;
        this.collected = collected;
        this.surveyed = surveyed;
    }

    /** Finds what there is; the sources are closed with it, and where this fails. */
    static Found of(Sources sources) throws StandpipeException {
        Found found = null;
        try {
            found = bySurveys(sources);
            if (found == null) {
                found = byAsking(sources);
            }
            return found;
        } finally {
            if (found == null) {
                sources.close();
            }
        }
    }

    /** Null if that is not to be had. */
    private static Found bySurveys(Sources sources) {
        Collector collector = new Collector();
        SurveyedProcesses surveyed = null;
        try {
            surveyed = SurveyedProcesses.collect(sources, collector);
            return surveyed == null ? null : new Found(sources, collector, surveyed);
        } finally {
            if (surveyed == null) {
                collector.close();
            }
        }
    }

    private static Found byAsking(Sources sources) throws StandpipeException {
        Collector collector = new Collector();
        boolean complete = false;
        try {
            collector.collect(sources.all());
            complete = true;
            return new Found(sources, collector, null);
        } finally {
            if (!complete) {
                collector.close();
            }
        }
    }

    Collector collected() {
        return collected;
    }

    /** Whether the processes have what was found, and nothing else. */
    boolean isAsItWas() throws StandpipeException {
        return surveyed != null ? surveyed.isAsItWas() : collected.isAsItWas(sources.all());
    }

    /** After that it cannot be found out any more. */
    void stopLooking() {
        sources.close();
        if (surveyed != null) {
            surveyed.close();
        }
    }

    void close() {
        stopLooking();
        collected.close();
    }
}
