// SPDX-License-Identifier: Apache-2.0
package io.standpipe.crac.simulation;

/** Simulates the interface of this name in a JDK with CRaC: org.crac finds it by its name and signatures. */
public interface Resource {

    void beforeCheckpoint(Context<? extends Resource> context) throws Exception;

    void afterRestore(Context<? extends Resource> context) throws Exception;
}
