// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jdk;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.JniReflection;
import java.io.FileDescriptor;
import java.nio.channels.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Java objects whose fds are closed for a while: Java knows, and reads or writes no other file that gets such an fd meanwhile. A JDK
 * with CRaC asks the objects, not the kernel, what is open. An object that Java closes meanwhile stays closed.
 */
public final class VacatedObjects {

    private static final int INVALID = -1;

    /** @param descriptor null where an fd itself was named */
    private record Vacated(int fd, @Nullable FileDescriptor descriptor, @Nullable Channel channel) {

        boolean isClosedInJava() {
            return channel != null && !channel.isOpen() || descriptor != null && isClosed(descriptor);
        }

        /** Returns whether a stream has closed it, which leaves no other trace where the fd is invalid. */
        private static boolean isClosed(FileDescriptor descriptor) {
            try {
                return JniReflection.booleanField(descriptor, FileDescriptor.class, "closed");
            } catch (NoSuchFieldError e) {
                return false;
            }
        }
    }

    private final List<Vacated> objects = new ArrayList<>();

    private VacatedObjects() {}

    /**
     * Makes the objects that stand for fds invalid, before the fds are closed.
     *
     * @param fds the fds that are about to be closed; other fds of the objects stay valid
     */
    public static VacatedObjects of(JavaPipeObjects named, Set<Integer> fds) {
        VacatedObjects vacated = new VacatedObjects();
        for (JavaPipeObject object : named.open()) {
            try {
                int fd = object.fd();
                if (fds.contains(fd)) {
                    vacated.objects.add(new Vacated(fd, object.descriptor(), object.channel()));
                }
            } catch (StandpipeException e) {
                // It was closed in Java since the checkpoint, and its fd is none of those.
            }
        }
        vacated.setAll(true);
        return vacated;
    }

    /** Returns the fds of the objects that Java has not closed meanwhile, ascending. */
    public Set<Integer> fds() {
        Set<Integer> fds = new TreeSet<>();
        for (Vacated object : objects) {
            if (!object.isClosedInJava()) {
                fds.add(object.fd());
            }
        }
        return fds;
    }

    /** Makes the objects valid again, whose fds are open again. */
    public void setValid() {
        setAll(false);
    }

    private void setAll(boolean invalid) {
        for (Vacated object : objects) {
            if (object.descriptor() != null && !object.isClosedInJava()) {
                FdCalls.setJava(object.descriptor(), invalid ? INVALID : object.fd());
            }
        }
    }
}
