// SPDX-License-Identifier: Apache-2.0
package io.standpipe.crac.simulation;

/** A checkpoint that was vetoed; the suppressed exceptions are the causes, as in CRaC. */
public class CheckpointException extends Exception {}
