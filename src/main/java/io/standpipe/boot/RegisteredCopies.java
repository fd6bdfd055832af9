// SPDX-License-Identifier: Apache-2.0
package io.standpipe.boot;

import io.standpipe.agent.StandpipeMXBean;
import io.standpipe.agent.StandpipeManagement;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/** The copies of Standpipe in this JVM whose beans are registered, but for the agent's own. Needs the module java.management. */
final class RegisteredCopies {

    private RegisteredCopies() {}

    /** Returns the beans by their object names. */
    static Map<String, StandpipeMXBean> find() throws IOException {
        Map<String, StandpipeMXBean> copies = new LinkedHashMap<>();
        try {
            // Servers that there are: asking for the platform's would make it.
            for (MBeanServer server : MBeanServerFactory.findMBeanServer(null)) {
                for (ObjectName name : new TreeSet<>(server.queryNames(new ObjectName(StandpipeMXBean.NAME + ",*"), null))) {
                    if (!StandpipeManagement.shared().isRegisteredAs(name)) {
                        copies.put(name.toString(), JMX.newMXBeanProxy(server, name, StandpipeMXBean.class));
                    }
                }
            }
            return copies;
        } catch (MalformedObjectNameException e) {
            throw new IOException(e);
        }
    }
}
