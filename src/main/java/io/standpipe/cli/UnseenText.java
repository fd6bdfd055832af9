// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.LivePipes;
import io.standpipe.LiveProcess;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Names the processes that could not be looked at, and which right is missing. */
final class UnseenText {

    private static final int MOST_NAMED = 4;

    /** How a reason begins for one process, and how for several. */
    private static final Map<String, String> PLURALS = Map.of(
            "it belongs ", "they belong ", "it runs ", "they run ", "its group ", "their group ", "it has ", "they have ", "it is ", "they are ",
            "run as its user ", "run as their user ");

    private UnseenText() {}

    private static String ofSeveral(String reason) {
        for (Map.Entry<String, String> each : PLURALS.entrySet()) {
            if (reason.startsWith(each.getKey())) {
                return each.getValue() + reason.substring(each.getKey().length());
            }
        }
        return reason;
    }

    /** Returns a message for each right that is missing. */
    static List<String> messages(List<LivePipes.Unseen> unseen) {
        Map<String, List<LiveProcess>> byReason = unseen.stream().collect(Collectors.groupingBy(
                LivePipes.Unseen::reason, LinkedHashMap::new, Collectors.mapping(LivePipes.Unseen::process, Collectors.toList())));
        return byReason.entrySet().stream().map(entry -> message(entry.getValue(), entry.getKey())).toList();
    }

    private static String message(List<LiveProcess> processes, String reason) {
        int more = processes.size() - MOST_NAMED;
        String named = processes.stream()
                .limit(MOST_NAMED)
                .map(process -> process.pid() + (process.name().isEmpty() ? "" : " (" + ProcessText.printable(process.name()) + ")"))
                .collect(Collectors.joining(", "));
        return (processes.size() == 1 ? "process " : "processes ") + named + (more > 0 ? " and " + more + " more" : "")
                + " could not be looked at, and may hold ends too: " + (processes.size() == 1 ? reason : ofSeveral(reason));
    }
}
