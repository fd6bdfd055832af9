// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A test class beside which no other runs, since it has or touches what other tests need or have; see {@link Turns}. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Alone {

    /** Why. */
    String value();
}
