// SPDX-License-Identifier: Apache-2.0
package io.standpipe.survey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the running kernel tells of its types. */
class BtfTest {

    @BeforeEach
    void kernelTells() {
        assumeTrue(Files.isReadable(Btf.KERNEL), "this kernel does not tell of its types: " + Btf.KERNEL);
    }

    @Test
    void membersAreFoundInStructuresWithoutAName() throws IOException {
        Btf btf = Btf.ofKernel();
        int pipe = btf.offset("inode", "i_pipe");
        assertTrue(pipe > btf.offset("inode", "i_mode") && pipe < btf.structSize("inode"), () -> "i_pipe at " + pipe);
        assertEquals(btf.offset("inode", "i_cdev"), pipe);
        assertTrue(btf.isPointer("file", "f_inode"));
        assertFalse(btf.isPointer("file", "f_flags"));
    }

    @Test
    void membersOfMembersCountFromTheBeginning() throws IOException {
        Btf btf = Btf.ofKernel();
        assertEquals(btf.offset("path", "dentry") + btf.offset("file", "f_path"), btf.offset("file", "f_path.dentry"));
    }

    @Test
    void whatIsNotThereIsNamed() throws IOException {
        Btf btf = Btf.ofKernel();
        assertFalse(btf.has("file", "f_standpipe"));
        assertEquals(
                "/sys/kernel/btf/vmlinux: struct file has no f_standpipe",
                assertThrows(IOException.class, () -> btf.offset("file", "f_standpipe")).getMessage());
        assertEquals(
                "/sys/kernel/btf/vmlinux: no struct standpipe",
                assertThrows(IOException.class, () -> btf.structSize("standpipe")).getMessage());
        assertFalse(btf.hasFunction("standpipe"));
    }

    @Test
    void anythingElseIsRefused() throws IOException {
        byte[] all = Files.readAllBytes(Btf.KERNEL);
        assertThrows(IOException.class, () -> Btf.of(new byte[0]));
        assertThrows(IOException.class, () -> Btf.of(new byte[4096]));
        assertThrows(IOException.class, () -> Btf.of(Arrays.copyOf(all, all.length / 4)));
    }
}
