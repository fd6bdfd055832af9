// SPDX-License-Identifier: Apache-2.0
// expected: only safe (?.) or non-null asserted (!!.) calls are allowed on a nullable receiver
import io.standpipe.Image

fun name(process: Image.Process): ByteArray = process.program().name()
