// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.observe;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A checkpoint, as the flight recorder has it. Its stack trace says who asked for it. */
@Name("standpipe.Checkpoint")
@Label("Checkpoint of Pipes")
@Category("Standpipe")
@Description("Pipes were saved, or could not be saved")
final class CheckpointEvent extends Event {

    @Label("Destination")
    @Description("File of the image, descriptor, stream or store that it was sent to, or snapshot")
    @Nullable String destination;

    @Label("Process IDs")
    @Description("Processes whose pipes were saved")
    @Nullable String pids;

    @Label("Pipes")
    int pipes;

    @Label("Descriptors")
    @Description("Descriptors that were saved, of these pipes")
    int descriptors;

    @Label("Payload")
    @Description("Bytes in flight in the pipes")
    @DataAmount
    long payloadBytes;

    @Label("Image Size")
    @DataAmount
    long imageBytes;

    @Label("Frozen")
    @Description("For how long the processes were frozen; 0 if they were not")
    @Timespan
    long frozen;

    @Label("Writing")
    @Description("For how long the image was written")
    @Timespan
    long writing;

    @Label("Success")
    boolean success;

    @Label("Failure")
    @Description("Why nothing was saved")
    @Nullable String failure;
}
