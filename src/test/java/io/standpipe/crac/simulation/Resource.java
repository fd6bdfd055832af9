// SPDX-License-Identifier: Apache-2.0
package io.standpipe.crac.simulation;

/** Stands in for the JDK's interface of that name: org.crac finds its counterparts by names and signatures. */
public interface Resource {

    void beforeCheckpoint(Context<? extends Resource> context) throws Exception;

    void afterRestore(Context<? extends Resource> context) throws Exception;
}
