// SPDX-License-Identifier: Apache-2.0
// expected: argument type mismatch
import io.standpipe.Restore
import java.nio.file.Path

fun restore(image: Path?): Restore = Restore.from(image)
