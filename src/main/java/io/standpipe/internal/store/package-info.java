// SPDX-License-Identifier: Apache-2.0
/** Image files and streams: atomic files, staging, temporary files left behind, and where payload is read from. */
@NullMarked
package io.standpipe.internal.store;

import org.jspecify.annotations.NullMarked;
