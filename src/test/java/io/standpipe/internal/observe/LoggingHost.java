// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.observe;

import io.standpipe.Checkpoint;
import io.standpipe.JavaDescriptor;
import io.standpipe.agent.StandpipeMXBean;
import io.standpipe.agent.StandpipeManagement;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import javax.management.JMX;
import javax.management.ObjectName;

/** Is asked for checkpoints and restores through the MXBean, and calls the library itself; prints what the counters say. */
final class LoggingHost {

    private LoggingHost() {}

    /** @param args a directory */
    public static void main(String[] args) throws Exception {
        StandpipeManagement.register();
        StandpipeMXBean bean = JMX.newMXBeanProxy(
                ManagementFactory.getPlatformMBeanServer(), new ObjectName(StandpipeMXBean.NAME), StandpipeMXBean.class);
        Pipe pipe = Pipe.open();
        pipe.sink().write(ByteBuffer.wrap(new byte[9]));
        StandpipeManagement.shared().name("jobs", pipe);
        Path directory = Path.of(args[0]);
        bean.getPipes();
        bean.checkpoint(directory.resolve("bean").toString());
        bean.restore(directory.resolve("bean").toString());
        Checkpoint.ofDescriptors(JavaDescriptor.of(pipe.source()).number()).writeTo(directory.resolve("library"));
        try {
            bean.restore(directory.resolve("absent").toString());
        } catch (java.io.IOException e) {
            System.out.println(e.getMessage());
        }
        AgentLog.failed("the agent does nothing: it is told nonsense");
        System.out.println("checkpoints " + bean.getCheckpoints() + " failed " + bean.getFailedCheckpoints()
                + " pipes " + bean.getSavedPipes() + " bytes " + bean.getSavedBytes() + " frozen " + bean.getFrozenNanos()
                + " last " + bean.getLastFrozenNanos() + " writing " + (bean.getWritingNanos() > 0)
                + " at " + (bean.getLastCheckpointMillis() > System.currentTimeMillis() - 60_000)
                + " restores " + bean.getRestores() + " failed " + bean.getFailedRestores()
                + " pipes " + bean.getRestoredPipes() + " bytes " + bean.getRestoredBytes());
    }
}
