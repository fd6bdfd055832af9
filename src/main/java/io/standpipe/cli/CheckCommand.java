// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.HostCheck;
import io.standpipe.StandpipeException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code standpipe check}. */
@Command(
        name = "check",
        description = "Tells what this kernel, these limits and permissions allow, and what would help.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = "4:Something that is needed is missing.",
        footer = {"", "Example:", "  standpipe check --json"})
final class CheckCommand extends Subcommand {

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    public Integer call() throws StandpipeException {
        List<HostCheck.Finding> findings = HostCheck.run();
        if (json) {
            writeJson(findings);
        } else {
            findings.forEach(finding -> out().printf(
                    "%-8s %-16s %s%s%n", level(finding), finding.name(), finding.detail(),
                    finding.remedy().isEmpty() ? "" : "; " + finding.remedy()));
        }
        return findings.stream().anyMatch(finding -> finding.level() == HostCheck.Level.MISSING)
                ? ExitCode.UNAVAILABLE : ExitCode.DONE;
    }

    private static String level(HostCheck.Finding finding) {
        return finding.level().name().toLowerCase(Locale.ROOT);
    }

    private void writeJson(List<HostCheck.Finding> findings) {
        JsonDocument.print(out(), document -> {
            document.beginArray();
            for (HostCheck.Finding finding : findings) {
                document.beginObject().name("name").value(finding.name()).name("level").value(level(finding));
                document.name("detail").value(finding.detail()).name("remedy").value(finding.remedy()).endObject();
            }
            document.endArray();
        });
    }
}
