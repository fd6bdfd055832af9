// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.cli.options.Kind;
import io.standpipe.cli.options.NumberKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A descriptor as an option names it: {@code PID:N}, or {@code N} where there is one process.
 *
 * @param pid null if only the number was given
 */
record ProcessFd(@Nullable Integer pid, int fd) {

    static final String LABEL = "[PID:]N";

    /** Makes one of what was typed. */
    static final class Form implements Kind<ProcessFd> {

        @Override
        public ProcessFd of(String typed) {
            int colon = typed.indexOf(':');
            String fd = typed.substring(colon + 1);
            if (!NumberKind.isNumber(fd) || colon >= 0 && !NumberKind.isNumber(typed.substring(0, colon))) {
                throw new IllegalArgumentException("'" + typed + "' is not N or PID:N");
            }
            return new ProcessFd(colon < 0 ? null : Integer.valueOf(typed.substring(0, colon)), Integer.parseInt(fd));
        }
    }

    /**
     * Returns the descriptors of each process.
     *
     * @param only the one process that is named; null if there are more
     * @return null if a descriptor is given without a process, and there is not just one
     */
    static @Nullable Map<Integer, int[]> byPid(List<ProcessFd> typed, @Nullable Integer only) {
        Map<Integer, List<Integer>> fds = new LinkedHashMap<>();
        for (ProcessFd each : typed) {
            Integer pid = each.pid() == null ? only : each.pid();
            if (pid == null) {
                return null;
            }
            fds.computeIfAbsent(pid, none -> new ArrayList<>()).add(each.fd());
        }
        Map<Integer, int[]> arrays = new LinkedHashMap<>();
        fds.forEach((pid, all) -> arrays.put(pid, all.stream().mapToInt(Integer::intValue).toArray()));
        return arrays;
    }
}
