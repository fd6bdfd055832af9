// SPDX-License-Identifier: Apache-2.0
package io.standpipe.survey;

import io.standpipe.bridge.Errno;
import io.standpipe.bridge.ErrnoException;
import io.standpipe.bridge.KernelName;
import io.standpipe.bridge.ProcessCalls;
import java.io.IOException;
import java.util.Set;

/**
 * Whether surveys can be had here, and are worth it. They need Linux 6.1, CAP_BPF and CAP_PERFMON or CAP_SYS_ADMIN, and a kernel that tells of
 * its types; what a kernel means by them is tried out on pipes of our own before it is believed.
 *
 * <p>The property {@value #PROPERTY} is {@code off} to do without, or {@code always} to try each time, whatever is faster.
 */
public final class Surveys {

    /** System property: whether and when the kernel is asked by a program. */
    static final String PROPERTY = "standpipe.survey";

    private static final String OFF = "off";
    private static final String ALWAYS = "always";

    /** Asking for each of so many descriptors takes about as long as getting a program accepted; longer where the pipes hold much. */
    private static final int WORTH_IT = 100;

    /** As long as a survey takes with a program that was accepted before. */
    private static final int WORTH_IT_AGAIN = 40;

    /** After so many it would have been worth learning the kernel's types, which takes a JVM that has just started 30 ms. */
    private static final int WORTH_LEARNING = 10_000;

    /**
     * After pipes were seen to change, or descriptors or memory were wanting, so many times there is none: it is likely to be so
     * again.
     */
    private static final int PAUSE = 8;

    private static final Set<Integer> PASSING =
            Set.of(Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.EAGAIN, Errno.EINTR);

    private static KernelLayout layout;
    private static Known known;
    private static String kernelName;
    private static boolean refused;
    private static long askedFor;
    private static int paused;

    private record Known(KernelLayout kernel, long pipeFileSystem) {}

    private Surveys() {}

    /**
     * A surveyor of this process, for the calling thread.
     *
     * @param descriptors how many it is to be asked about
     * @return null if there is none to be had, or it would take longer than asking for each
     */
    public static Surveyor open(int descriptors) {
        // The calling thread shares its table of descriptors with the whole JVM; the first one may have ended.
        return open(descriptors, ProcessCalls.thread());
    }

    /**
     * The same of another process.
     *
     * @param thread one of the process, as this process's own PID namespace numbers it
     */
    public static Surveyor open(int descriptors, int thread) {
        String chosen = System.getProperty(PROPERTY, "");
        boolean always = chosen.equals(ALWAYS);
        if (chosen.equals(OFF) || !always && (isTooEarly(descriptors) || descriptors < worthIt())) {
            return null;
        }
        try {
            Known found = known(always);
            return found == null ? null : Surveyor.open(found.kernel, found.pipeFileSystem, thread);
        } catch (IOException e) {
            refuse(e);
            return null;
        }
    }

    private static int worthIt() {
        return Surveyor.hasSpare() ? WORTH_IT_AGAIN : WORTH_IT;
    }

    /** Whether it is not worth learning the kernel's types yet; asked first, since a command's JVM ends before it is. */
    private static synchronized boolean isTooEarly(int descriptors) {
        if (known == null && !refused) {
            askedFor += descriptors < WORTH_IT ? 0 : descriptors;
            return askedFor < WORTH_LEARNING;
        }
        return false;
    }

    /** Null if there is none yet, or none to be had; what was learnt of one kernel is forgotten when the process was carried to another. */
    private static synchronized Known known(boolean always) throws IOException {
        KernelName running = ProcessCalls.kernelName();
        String name = running.release() + ' ' + running.version();
        if (!name.equals(kernelName)) {
            kernelName = name;
            layout = null;
            known = null;
            refused = false;
        }
        if (paused > 0 && !always) {
            paused--;
            return null;
        }
        if (known == null && (always || !refused)) {
            if (layout == null) {
                layout = new KernelLayout(Btf.ofKernel());
            }
            known = new Known(layout, new Trial(layout).run());
        }
        return refused && !always ? null : known;
    }

    /** Closes the descriptors that are kept for a survey that follows soon. */
    public static void letGo() {
        Surveyor.letGo();
        Look.letGo();
    }

    /** Says that a survey was of no use, since something changed. */
    public static synchronized void pause() {
        paused = PAUSE;
    }

    /** What is not allowed once is not tried again; a want of descriptors or memory may pass. */
    private static synchronized void refuse(IOException reason) {
        if (reason instanceof ErrnoException && PASSING.contains(((ErrnoException) reason).errno())) {
            paused = PAUSE;
        } else {
            refused = true;
        }
        System.getLogger(Surveys.class.getName()).log(System.Logger.Level.DEBUG, "no survey of the descriptors", reason);
    }
}
