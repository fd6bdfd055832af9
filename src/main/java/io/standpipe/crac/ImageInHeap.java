// SPDX-License-Identifier: Apache-2.0
package io.standpipe.crac;

import io.standpipe.PipesInPlace;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import java.util.function.UnaryOperator;

/** An image in the heap. */
final class ImageInHeap implements ImagePlace {

    private byte[] image;

    @Override
    public void save(PipesInPlace pipes) throws StandpipeException {
        image = pipes.toBytes();
    }

    @Override
    public void restore(PipesInPlace pipes, UnaryOperator<Restore> allowed) throws StandpipeException {
        pipes.restore(allowed.apply(Restore.fromBytes(image)));
    }

    @Override
    public void forget() {
        image = null;
    }
}
