// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

import org.jspecify.annotations.Nullable;

/** An option without a value. It may be typed several times, which is as good as once. */
public final class Flag extends Parameter {

    private boolean given;

    Flag(String names, String description) {
        super(names, description);
    }

    @Override
    public boolean isGiven() {
        return given;
    }

    @Override
    void take(@Nullable String typed) {
        given = true;
    }
}
