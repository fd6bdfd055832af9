// SPDX-License-Identifier: Apache-2.0
/**
 * Saving: find the pipes, freeze their users, tee, thaw, verify, write. {@link
 * io.standpipe.internal.checkpoint.CheckpointOperation} is the one orchestrator.
 */
@NullMarked
package io.standpipe.internal.checkpoint;

import org.jspecify.annotations.NullMarked;
