// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.pipe.Fd;



/**
 * What a snapshot holds of a pipe.
 *
 * @param fd a pipe with the same bytes in the same slots, and of the same capacity; null if it was empty
 * @param lengthBytes how many bytes were in it
 * @param outside which ends others had, as PIPE_STATE tells it
 * @param tailRoomBytes how many more the last slot took, if the pipe was full by its slots; a page or more if that is not known
 */
public record CapturedPipe(Fd fd, long lengthBytes, int capacityBytes, int outside, int tailRoomBytes) {}
