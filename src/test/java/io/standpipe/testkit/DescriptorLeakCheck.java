// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Fails a test that leaves one of {@link WatchedFds} open, or that closes one it did not open. */
public final class DescriptorLeakCheck implements BeforeEachCallback, AfterEachCallback {

    private static final Namespace NAMESPACE = Namespace.create(DescriptorLeakCheck.class);

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(NAMESPACE).put(context.getUniqueId(), new WatchedFds());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        WatchedFds before = context.getStore(NAMESPACE).remove(context.getUniqueId(), WatchedFds.class);
        String difference = before.difference();
        if (difference != null) {
            throw new AssertionError("the test changed what is open: " + difference);
        }
    }
}
