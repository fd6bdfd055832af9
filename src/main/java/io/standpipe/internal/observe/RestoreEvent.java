// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.observe;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import org.jspecify.annotations.Nullable;

/** A restore, as the flight recorder has it. Its stack trace says who asked for it. */
@Name("standpipe.Restore")
@Label("Restore of Pipes")
@Category("Standpipe")
@Description("Saved pipes were restored, or could not be restored")
final class RestoreEvent extends Event {

    @Label("Source")
    @Description("Image or snapshot")
    @Nullable String source;

    @Label("Target")
    @Description("Where the pipes are now: in this process, in place, in commands")
    @Nullable String target;

    @Label("Process IDs")
    @Description("Processes whose pipes had been saved")
    @Nullable String pids;

    @Label("Started Process IDs")
    @Description("Commands that were started in their place")
    @Nullable String startedPids;

    @Label("Pipes")
    @Description("Pipes that were restored")
    int pipes;

    @Label("Descriptors")
    @Description("Descriptors that were restored, of these pipes")
    int descriptors;

    @Label("Kept Descriptors")
    @Description("Descriptors whose pipe was kept as it was, in place")
    int keptDescriptors;

    @Label("Payload")
    @Description("Bytes in flight in the pipes")
    @DataAmount
    long payloadBytes;

    @Label("Deviations")
    @Description("How many things are not as they were")
    int deviations;

    @Label("Success")
    boolean success;

    @Label("Failure")
    @Description("Why nothing was restored")
    @Nullable String failure;
}
