// SPDX-License-Identifier: Apache-2.0
/**
 * Checkpoint and restore of open pipes. {@link io.standpipe.Checkpoint} saves them to an image,
 * {@link io.standpipe.Restore} puts them back; everything else here is what these two are made of.
 */
package io.standpipe;
