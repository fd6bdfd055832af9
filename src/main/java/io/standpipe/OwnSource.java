// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

/** Descriptors of this process, of which a survey can tell. */
interface OwnSource extends DescriptorSource {

    /** A descriptor that is the same open file description; not to be closed. */
    int here(int number);
}
