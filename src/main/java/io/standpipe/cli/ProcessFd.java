// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A descriptor as an option names it: {@code PID:N}, or {@code N} where there is one process.
 *
 * @param pid null if only the number was given
 */
record ProcessFd(@Nullable Long pid, int fd) {

    /** Makes one of what was typed. */
    static final class Converter implements ITypeConverter<ProcessFd> {

        private static final Pattern FORM = Pattern.compile("(?:(\\d{1,10}):)?(\\d{1,9})");

        @Override
        public ProcessFd convert(String typed) {
            Matcher form = FORM.matcher(typed);
            if (!form.matches()) {
                throw new TypeConversionException("'" + typed + "' is not N or PID:N");
            }
            return new ProcessFd(form.group(1) == null ? null : Long.valueOf(form.group(1)), Integer.parseInt(form.group(2)));
        }
    }

    /**
     * Returns the descriptors of each process.
     *
     * @param only the one process that is named; null if there are more
     * @return null if a descriptor is given without a process, and there is not just one
     */
    static @Nullable Map<Long, int[]> byPid(List<ProcessFd> typed, @Nullable Long only) {
        Map<Long, List<Integer>> fds = new LinkedHashMap<>();
        for (ProcessFd each : typed) {
            Long pid = each.pid() == null ? only : each.pid();
            if (pid == null) {
                return null;
            }
            fds.computeIfAbsent(pid, none -> new ArrayList<>()).add(each.fd());
        }
        Map<Long, int[]> arrays = new LinkedHashMap<>();
        fds.forEach((pid, all) -> arrays.put(pid, all.stream().mapToInt(Integer::intValue).toArray()));
        return arrays;
    }
}
