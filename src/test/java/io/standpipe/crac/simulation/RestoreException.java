// SPDX-License-Identifier: Apache-2.0
package io.standpipe.crac.simulation;

/** A restore that failed; why is among the suppressed ones, as in CRaC. */
public class RestoreException extends Exception {}
