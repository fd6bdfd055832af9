// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import java.util.ArrayList;
import java.util.List;

/** Sources of descriptors, closed together. */
public final class Sources implements AutoCloseable {

    private final List<DescriptorSource> all = new ArrayList<>();

    void add(DescriptorSource source) {
        all.add(source);
    }

    public List<DescriptorSource> all() {
        return all;
    }

    @Override
    public void close() {
        all.forEach(DescriptorSource::close);
        all.clear();
    }
}
