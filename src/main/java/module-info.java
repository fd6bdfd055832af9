// SPDX-License-Identifier: Apache-2.0

/**
 * Checkpoint and restore of open pipes.
 *
 * <p>{@code io.standpipe} is the API; {@code io.standpipe.pipe} has the system calls on pipes by themselves. Agent, CRaC resource
 * and command need modules that the library does without.
 */
module io.standpipe {
    requires org.bytedeco.javacpp;
    requires static com.google.gson;
    requires static info.picocli;
    requires static transitive java.instrument;
    requires static transitive java.management;
    requires static jdk.attach;
    requires static jdk.jfr;
    requires static me.tongfei.progressbar;
    requires static org.crac;
    requires static transitive org.jspecify;

    exports io.standpipe;
    exports io.standpipe.agent;
    exports io.standpipe.crac;
    exports io.standpipe.pipe;

    opens io.standpipe.cli to
            info.picocli;
}
