// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks a test class that runs while no other test class does, because it uses what other tests use; see {@link Turns}. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Alone {

    /** Returns the reason. */
    String value();
}
