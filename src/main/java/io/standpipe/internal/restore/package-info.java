// SPDX-License-Identifier: Apache-2.0
/**
 * Restoring: check, make the pipes, fill them, hand out their ends. {@link
 * io.standpipe.internal.restore.RestoreOperation} is the one orchestrator.
 */
@NullMarked
package io.standpipe.internal.restore;

import org.jspecify.annotations.NullMarked;
