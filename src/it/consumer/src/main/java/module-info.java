// SPDX-License-Identifier: Apache-2.0

/** Uses the library, and nothing else. */
module org.example.consumer {
    requires io.standpipe;
}
