// SPDX-License-Identifier: Apache-2.0
package io.standpipe.crac.simulation;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Simulates CRaC's global context: holds resources weakly, and calls them in the order that CRaC documents. */
public class Context<R extends Resource> {

    private final List<WeakReference<R>> resources = new ArrayList<>();

    public void register(R resource) {
        resources.add(new WeakReference<>(resource));
    }

    void beforeCheckpoint(List<Exception> failures) {
        List<WeakReference<R>> reversed = new ArrayList<>(resources);
        Collections.reverse(reversed);
        reversed.forEach(resource -> call(resource, failures, true));
    }

    void afterRestore(List<Exception> failures) {
        resources.forEach(resource -> call(resource, failures, false));
    }

    private void call(WeakReference<R> reference, List<Exception> failures, boolean before) {
        R resource = reference.get();
        if (resource == null) {
            return;
        }
        try {
            if (before) {
                resource.beforeCheckpoint(this);
            } else {
                resource.afterRestore(this);
            }
        } catch (Exception e) {
            failures.add(e);
        }
    }
}
