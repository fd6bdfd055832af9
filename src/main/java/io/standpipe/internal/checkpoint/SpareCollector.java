// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import java.lang.ref.SoftReference;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A collector for the time of one checkpoint, which afterwards serves the next one, as long as the heap has room for it: so
 * checkpoints that follow each other leave no garbage that grows with the pipes. {@link #take} is safe for use by several threads.
 */
public final class SpareCollector implements AutoCloseable {

    private static final AtomicReference<SoftReference<DescriptorCollector>> KEPT =
            new AtomicReference<>(new SoftReference<>(null));

    private final DescriptorCollector collector;

    private SpareCollector(DescriptorCollector collector) {
        this.collector = collector;
    }

    /** One with nothing in it, for the caller alone until this is closed. */
    static SpareCollector take() {
        SoftReference<DescriptorCollector> kept = KEPT.getAndSet(new SoftReference<>(null));
        DescriptorCollector spare = kept.get();
        return new SpareCollector(spare == null ? new DescriptorCollector() : spare);
    }

    DescriptorCollector collector() {
        return collector;
    }

    /** Closes what was collected; nothing may be asked of it any more. */
    @Override
    public void close() {
        collector.close();
        collector.reset();
        KEPT.set(new SoftReference<>(collector));
    }
}
