// SPDX-License-Identifier: Apache-2.0
package io.standpipe.boot;

import io.standpipe.agent.OpenPipeEnd;
import io.standpipe.agent.StandpipeMXBean;
import io.standpipe.agent.StandpipeManagement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the agent is asked to do. The application may have copies of Standpipe of its own, in any class loaders: what it has named
 * there is known to the beans that these copies registered, so these do the work. Only where there is none, the agent's own copy does.
 */
final class AgentVerbs {

    private final StandpipeManagement own = StandpipeManagement.shared();

    /** By the object name; the agent's own comes last. */
    private final Map<String, StandpipeMXBean> copies = new LinkedHashMap<>();

    AgentVerbs() throws IOException {
        if (StandpipeManagement.isPossible()) {
            copies.putAll(RegisteredCopies.find());
        }
        copies.put("the agent", own);
    }

    /** Carries out the verb, and returns a report for people. */
    String carryOut(AgentOptions options) throws IOException {
        return switch (options.verb()) {
            case "checkpoint" -> options.fds().isEmpty() ? holderOfNames().checkpoint(options.output())
                    : first().checkpointDescriptors(options.fds(), options.output());
            case "restore" -> saverOf(options.input()).restore(options.input());
            case "list" -> list();
            case "forget" -> own.forgetAll();
            default -> throw new IllegalArgumentException(
                    "\"" + options.verb() + "\" is not known, expected checkpoint, restore, list or forget");
        };
    }

    private StandpipeMXBean first() {
        return copies.values().iterator().next();
    }

    private StandpipeMXBean holderOfNames() {
        Map<String, StandpipeMXBean> holders = new LinkedHashMap<>(copies);
        holders.values().removeIf(bean -> bean.getNamed().isEmpty());
        if (holders.size() > 1) {
            throw new IllegalArgumentException(holders.entrySet().stream()
                    .map(holder -> holder.getKey() + " (" + holder.getValue().getNamed() + ")")
                    .collect(Collectors.joining(", ", "several copies of Standpipe have named pipes: ", "; choose the pipes with --fd")));
        }
        return holders.isEmpty() ? first() : holders.values().iterator().next();
    }

    /** Only the copy that saved an image knows which objects its pipes belong to. */
    private StandpipeMXBean saverOf(String image) {
        String path = Path.of(image).toAbsolutePath().normalize().toString();
        for (StandpipeMXBean bean : copies.values()) {
            if (bean.getImages().contains(path)) {
                return bean;
            }
        }
        return first();
    }

    private String list() throws IOException {
        Set<Integer> named = new TreeSet<>();
        for (StandpipeMXBean bean : copies.values()) {
            if (!bean.getNamed().isEmpty()) {
                bean.getPipes().stream().filter(OpenPipeEnd::isNamed).forEach(end -> named.add(end.getDescriptor()));
            }
        }
        List<OpenPipeEnd> ends = first().getPipes();
        return ends.stream()
                .map(end -> String.format(
                        "fd %-4d %-6s pipe %d, %,d of %,d bytes%s", end.getDescriptor(), end.getEnd(), end.getInode(),
                        end.getQueuedBytes(), end.getCapacityBytes(), named.contains(end.getDescriptor()) ? ", named" : ""))
                .collect(Collectors.joining(System.lineSeparator()));
    }
}
