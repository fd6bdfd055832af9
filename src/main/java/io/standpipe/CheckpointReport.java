// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

/**
 * What a checkpoint saved.
 *
 * @param pid the process whose descriptors they are
 * @param descriptors how many descriptors
 * @param pipes how many pipes behind them
 * @param payloadBytes bytes in flight, of all pipes
 * @param imageBytes length of the image
 */
public record CheckpointReport(int pid, int descriptors, int pipes, long payloadBytes, long imageBytes) {}
