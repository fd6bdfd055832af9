// SPDX-License-Identifier: Apache-2.0
package io.standpipe.survey;

import io.standpipe.testkit.Surveying;

/** Main class for {@link SpareProgramTest}: prints how many programs are kept after a survey. */
final class SpareProgramDriver {

    private SpareProgramDriver() {}

    public static void main(String[] arguments) throws Exception {
        Surveying.open().close();
        System.out.println(SpareProgramTest.programs().size());
    }
}
