// SPDX-License-Identifier: Apache-2.0
package io.standpipe.crac.simulation;

/** A restore that failed; the suppressed exceptions are the causes, as in CRaC. */
public class RestoreException extends Exception {}
