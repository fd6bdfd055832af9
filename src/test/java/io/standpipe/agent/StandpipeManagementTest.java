// SPDX-License-Identifier: Apache-2.0
package io.standpipe.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.JavaDescriptor;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.testkit.DescriptorLeakCheck;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The bean without the agent, registered by an application that uses the library. */
@ExtendWith(DescriptorLeakCheck.class)
class StandpipeManagementTest {

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    @TempDir
    Path directory;

    private ObjectName name;
    private Pipe pipe;

    @BeforeEach
    void open() throws Exception {
        name = new ObjectName(StandpipeManagement.NAME);
        pipe = Pipe.open();
    }

    @AfterEach
    void close() throws Exception {
        StandpipeManagement.shared().forget("events");
        StandpipeManagement.unregister();
        pipe.sink().close();
        pipe.source().close();
    }

    @Test
    void beanIsRegisteredUntilUnregister() {
        assertTrue(StandpipeManagement.register());
        assertFalse(StandpipeManagement.register());
        assertTrue(server.isRegistered(name));
        StandpipeManagement.unregister();
        assertFalse(server.isRegistered(name));
        StandpipeManagement.unregister();
    }

    @Test
    void namedPipeIsSavedAndRestoredUntilForget() throws Exception {
        StandpipeManagement.register();
        StandpipeMXBean bean = JMX.newMXBeanProxy(server, name, StandpipeMXBean.class);
        StandpipeManagement.shared().name("events", pipe);
        assertEquals("events", bean.getNamed());
        assertEquals(2, bean.getPipes().stream().filter(OpenPipeEnd::isNamed).count());

        pipe.sink().write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        String image = directory.resolve("events.ckpt").toString();
        bean.checkpoint(image);
        FileCalls.write(JavaDescriptor.of(pipe.sink()).number(), NativeMemory.nativeOrder(5), 0, 5);
        bean.restore(image);
        ByteBuffer read = ByteBuffer.allocate(10);
        assertEquals(3, pipe.source().read(read));
        assertEquals(3, read.get(2));

        StandpipeManagement.shared().forget("events");
        assertEquals("", bean.getNamed());
        assertEquals(0, bean.getPipes().stream().filter(OpenPipeEnd::isNamed).count());
    }
}
