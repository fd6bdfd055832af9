// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jdk;

import java.lang.management.ManagementFactory;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * The registration of a bean with the platform's MBean server. If another class loader's copy of the bean has the name, a number is
 * added to it. For one thread at a time.
 */
public final class BeanRegistration {

    private final Object bean;
    private final String name;
    private @Nullable ObjectName registered;

    /** @param name the object name, if no other copy has it */
    public BeanRegistration(Object bean, String name) {
        this.bean = bean;
        this.name = name;
    }

    /**
     * Registers the bean, if it is not.
     *
     * @return whether the bean was registered by this call
     * @throws IllegalStateException if the server refuses the bean
     */
    public boolean register() {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        if (registered != null && server.isRegistered(registered)) {
            return false;
        }
        for (int copy = 1; ; copy++) {
            if (registerAs(copy == 1 ? name : name + ",copy=" + copy, server)) {
                return true;
            }
        }
    }

    /** Returns false if another copy has the name. */
    private boolean registerAs(String text, MBeanServer server) {
        try {
            ObjectName free = new ObjectName(text);
            server.registerMBean(bean, free);
            registered = free;
            return true;
        } catch (InstanceAlreadyExistsException e) {
            return false;
        } catch (JMException e) {
            throw new IllegalStateException("cannot register " + text + ": " + e, e);
        }
    }

    /** Unregisters the bean, if it is registered. */
    public void unregister() {
        ObjectName former = registered;
        registered = null;
        if (former != null) {
            try {
                ManagementFactory.getPlatformMBeanServer().unregisterMBean(former);
            } catch (InstanceNotFoundException e) {
                return; // Somebody else has unregistered it.
            } catch (JMException e) {
                throw new IllegalStateException("cannot unregister " + former + ": " + e, e);
            }
        }
    }

    /** Returns whether the bean was registered, and not unregistered here. */
    public boolean isRegistered() {
        return registered != null;
    }

    /** Returns whether the bean was registered under this name. */
    public boolean isRegisteredAs(ObjectName other) {
        return other.equals(registered);
    }
}
