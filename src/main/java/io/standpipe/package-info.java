// SPDX-License-Identifier: Apache-2.0
/**
 * Checkpoint and restore of open pipes. {@link io.standpipe.Checkpoint} saves them to an image,
 * {@link io.standpipe.Restore} puts them back; everything else here is what these two are made of.
 *
 * <p>Records are to be read: a later release may add components, so that what calls their constructors, or matches them by a pattern, has
 * to be changed then. Their accessors stay.
 */
@NullMarked
package io.standpipe;

import org.jspecify.annotations.NullMarked;
