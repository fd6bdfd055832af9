// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import java.util.List;

/**
 * What a checkpoint saved.
 *
 * @param pids the processes whose descriptors they are
 * @param descriptors how many descriptors; those of a table that several processes share once
 * @param pipes how many pipes behind them
 * @param payloadBytes bytes in flight, of all pipes
 * @param imageBytes length of the image
 */
public record CheckpointReport(
        List<Integer> pids, int descriptors, int pipes, long payloadBytes, long imageBytes) {}
