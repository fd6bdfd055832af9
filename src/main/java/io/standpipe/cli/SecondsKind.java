// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.cli.options.Kind;

/** Seconds between two rounds, with decimals. */
final class SecondsKind implements Kind<Double> {

    private static final double LEAST = 0.1;
    private static final int MOST = 86_400;

    @Override
    public Double of(String typed) {
        try {
            double seconds = Double.parseDouble(typed);
            if (seconds >= LEAST && seconds <= MOST) {
                return seconds;
            }
        } catch (NumberFormatException e) {
            // It is refused below.
        }
        throw new IllegalArgumentException("'" + typed + "' is no time, expected " + LEAST + " to " + MOST + " seconds");
    }
}
