// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import io.standpipe.ImageStore;
import io.standpipe.StandpipeException;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/** An image on its way into a store. Once it is committed it is there, whatever its closing fails with. */
public final class StoredImage implements AutoCloseable {

    private final ImageStore.Writing writing;
    private boolean committed;

    private StoredImage(ImageStore.Writing writing) {
        this.writing = writing;
    }

    /** Begins to write. */
    public static StoredImage create(ImageStore store, String name) throws IOException {
        ImageStore.Writing writing = store.create();
        if (writing == null) {
            throw new StandpipeException(name + ": its create() returned null");
        }
        return new StoredImage(writing);
    }

    /** Returns where the image is written to. */
    public WritableByteChannel channel() {
        return writing;
    }

    /** Makes the image visible. */
    public void commit() throws IOException {
        writing.commit();
        committed = true;
    }

    @Override
    public void close() throws IOException {
        try {
            writing.close();
        } catch (IOException | RuntimeException e) {
            if (!committed) {
                throw e;
            }
            System.getLogger(StoredImage.class.getName()).log(System.Logger.Level.WARNING, "not closed as it should be: " + writing, e);
        }
    }
}
