// SPDX-License-Identifier: Apache-2.0
package io.standpipe.crac.simulation;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * Simulates CRaC's global context: holds resources weakly until a checkpoint begins, calls them in the reverse order of registration
 * before it, and all of those again in the order of registration after it, those that threw and what follows them included. What is
 * registered meanwhile waits for the next checkpoint.
 */
public class Context<R extends Resource> {

    private final List<WeakReference<R>> resources = new ArrayList<>();
    private List<R> called = List.of();

    public void register(R resource) {
        resources.add(new WeakReference<>(resource));
    }

    void beforeCheckpoint(List<Exception> failures) {
        called = new ArrayList<>(resources.stream().map(WeakReference::get).filter(Objects::nonNull).toList());
        List<R> reversed = new ArrayList<>(called);
        Collections.reverse(reversed);
        for (R resource : reversed) {
            try {
                resource.beforeCheckpoint(this);
            } catch (Exception e) {
                failures.add(e);
            }
        }
    }

    void afterRestore(List<Exception> failures) {
        for (R resource : called) {
            try {
                resource.afterRestore(this);
            } catch (Exception e) {
                failures.add(e);
            }
        }
        called = List.of();
    }
}
