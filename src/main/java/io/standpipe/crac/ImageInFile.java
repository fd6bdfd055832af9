// SPDX-License-Identifier: Apache-2.0
package io.standpipe.crac;

import io.standpipe.PipesInPlace;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** An image in a file, which is overwritten by the next one and stays otherwise: a JVM is restored as often as wanted. */
final class ImageInFile implements ImagePlace {

    private final Path image;

    /** @param image as the JVM is to find it when it is restored, whatever folder it is started in */
    ImageInFile(Path image) {
        this.image = image.toAbsolutePath();
    }

    @Override
    public void save(PipesInPlace pipes) throws StandpipeException {
        pipes.checkpoint(image);
    }

    @Override
    public void restore(PipesInPlace pipes, UnaryOperator<Restore> allowed) throws StandpipeException {
        pipes.restore(allowed.apply(Restore.from(image)));
    }

    @Override
    public void forget() {}
}
