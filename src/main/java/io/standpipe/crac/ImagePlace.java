// SPDX-License-Identifier: Apache-2.0
package io.standpipe.crac;

import io.standpipe.PipesInPlace;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import java.util.function.UnaryOperator;

/** Where an image is while the JVM is not running. */
interface ImagePlace {

    void save(PipesInPlace pipes) throws StandpipeException;

    void restore(PipesInPlace pipes, UnaryOperator<Restore> allowed) throws StandpipeException;

    /** The image is not needed any more; a file stays. */
    void forget();
}
