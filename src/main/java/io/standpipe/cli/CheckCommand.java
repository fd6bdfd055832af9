// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.HostCheck;
import io.standpipe.HostFinding;
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
        List<HostFinding> findings = HostCheck.run();
        if (json.isGiven()) {
            writeJson(findings);
        } else {
            findings.forEach(finding -> out().printf(
                    "%-8s %-8s %-20s %s%s%n", level(finding), finding.part(), finding.name(), finding.detail(),
                    finding.remedy().isEmpty() ? "" : "; " + finding.remedy()));
        }
        return findings.stream().anyMatch(finding -> finding.level() == HostFinding.Level.MISSING)
                ? ExitCode.UNAVAILABLE : ExitCode.DONE;
    }

    private static String level(HostFinding finding) {
        return finding.level().name().toLowerCase(Locale.ROOT);
    }

    private void writeJson(List<HostFinding> findings) {
        JsonDocument.print(out(), document -> {
            document.beginArray();
            for (HostFinding finding : findings) {
                document.beginObject().name("part").value(finding.part());
                document.name("name").value(finding.name()).name("level").value(level(finding));
                document.name("detail").value(finding.detail()).name("remedy").value(finding.remedy()).endObject();
            }
            document.endArray();
        });
    }
}
