// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.HostCheck;
import io.standpipe.StandpipeException;
import io.standpipe.cli.options.Flag;
import java.util.List;
import java.util.Locale;

/** {@code standpipe check}. */
final class CheckCommand extends Subcommand {

    private final Flag json = syntax.flag("--json", "As JSON.");

    CheckCommand() {
        super("standpipe check", "Tells what this kernel, these limits and permissions allow, and what would help.");
        syntax.exitStatus("4", "Something that is needed is missing.");
        syntax.examples("standpipe check --json");
    }

    @Override
    int run() throws StandpipeException {
        List<HostCheck.Finding> findings = HostCheck.run();
        if (json.isGiven()) {
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
