// SPDX-License-Identifier: Apache-2.0
package io.standpipe.crac.simulation;

/** A checkpoint that was vetoed; why is among the suppressed ones, as in CRaC. */
public class CheckpointException extends Exception {}
