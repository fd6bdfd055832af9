// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.host;

import io.standpipe.HostFinding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** All that is tried, part by part. */
public final class HostProbes {

    private HostProbes() {}

    /** Tries everything; of what is made for that nothing is left. */
    public static List<HostFinding> run() throws IOException {
        List<HostFinding> all = new ArrayList<>();
        Kernel kernel = Kernel.running();
        LimitProbes.run(new Findings("host", kernel, all), kernel);
        SaveProbes.run(new Findings("save", kernel, all), kernel);
        FreezeProbes.run(new Findings("freeze", kernel, all), kernel);
        RestoreProbes.run(new Findings("restore", kernel, all));
        ListProbes.run(new Findings("list", kernel, all));
        return all;
    }
}
