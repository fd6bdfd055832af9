// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.LiveProcess;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessTextTest {

    private static final String ID = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    @ParameterizedTest
    @CsvSource({
        "/docker/ID, 0123456789ab",
        "/system.slice/docker-ID.scope, 0123456789ab",
        "/system.slice/docker-ID.scope/init, 0123456789ab",
        "/kubepods.slice/kubepods-besteffort.slice/kubepods-pod1_2.slice/cri-containerd-ID.scope, 0123456789ab",
        "/kubepods/besteffort/pod1-2/ID, 0123456789ab",
        "/machine.slice/libpod-ID.scope/container, 0123456789ab",
        "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-ID.scope, 0123456789ab",
        "/lxc/web, web",
        "/lxc.payload.web/system.slice, web",
        "/user.slice/user-1000.slice/session-2.scope, ''",
        "/system.slice/cron.service, ''",
        "/, ''",
        "'', ''"})
    void containerIsKnownByItsCgroup(String cgroup, String container) {
        assertEquals(container, ProcessText.container(process("p", "", cgroup.replace("ID", ID))));
    }

    @Test
    void commandLineIsCutToTheColumnsOfATerminal() {
        assertEquals("sleep 1000", ProcessText.command(process("sleep", "sleep 1000", ""), 10));
        assertEquals("sleep ...", ProcessText.command(process("sleep", "sleep 1000", ""), 9));
        assertEquals("\u6587\u6587...", ProcessText.command(process("p", "\u6587\u6587\u6587\u6587\u6587", ""), 8));
        assertEquals(160, ProcessText.command(process("p", "a".repeat(500), ""), 0).length());
    }

    @Test
    void whatIsNotPrintableIsEscaped() {
        assertEquals("a\\x1b[2J\\x0ab\\\\c", ProcessText.command(process("p", "a\u001b[2J\nb\\c", "")));
        assertEquals("[p\\x07]", ProcessText.command(process("p\u0007", "", "")));
        assertEquals("a?b?c", ProcessText.printable("a\u001bb\u202ec"));
    }

    private static LiveProcess process(String name, String commandLine, String cgroup) {
        return new LiveProcess(1, name, commandLine, OptionalLong.of(0), "root", 'S', cgroup);
    }
}
