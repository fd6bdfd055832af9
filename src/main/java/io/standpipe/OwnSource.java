// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.survey.Surveyor;

/** Descriptors of this process, of which a survey can tell. */
interface OwnSource extends DescriptorSource {

    /** None: who surveys this process's own descriptors does so without copies of them. */
    @Override
    default Surveyor surveyor() {
        return null;
    }

    /** A descriptor that is the same open file description; not to be closed. */
    int here(int number);
}
