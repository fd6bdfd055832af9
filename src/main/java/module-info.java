// SPDX-License-Identifier: Apache-2.0

/**
 * Checkpoint and restore of open pipes.
 *
 * <p>{@code io.standpipe} is the API; {@code io.standpipe.pipe} has the system calls on pipes by themselves. MXBean and CRaC
 * resource need modules that the rest does without. The command is compiled with these, but is no part of the library.
 */
@SuppressWarnings("requires-automatic") // The modules of the SDK have names in their manifests only.
module io.standpipe {
    requires static java.instrument;
    requires static java.logging;
    requires static transitive java.management;
    requires static jdk.jfr;
    requires static org.bytedeco.javacpp;
    requires static org.crac;
    requires static org.jspecify;
    requires static software.amazon.awssdk.awscore;
    requires static software.amazon.awssdk.core;
    requires static software.amazon.awssdk.http;
    requires static software.amazon.awssdk.http.urlconnection;
    requires static software.amazon.awssdk.identity.spi;
    requires static software.amazon.awssdk.profiles;
    requires static software.amazon.awssdk.regions;
    requires static software.amazon.awssdk.services.s3;
    requires static software.amazon.awssdk.utils;

    exports io.standpipe;
    exports io.standpipe.agent;
    exports io.standpipe.crac;
    exports io.standpipe.pipe;
    exports io.standpipe.s3;
}
