// SPDX-License-Identifier: Apache-2.0
package org.example.kotlin

import io.standpipe.Checkpoint
import io.standpipe.JavaDescriptor
import io.standpipe.Restore
import java.nio.ByteBuffer
import java.nio.channels.Pipe
import java.nio.file.Files
import kotlin.io.path.deleteExisting

/** Saves what is in a pipe of this JVM, restores it, and reads it there. */
fun main() {
    val written = "in flight".toByteArray()
    val image = Files.createTempFile("kotlin", ".ckpt")
    val pipe = Pipe.open()
    pipe.sink().write(ByteBuffer.wrap(written))
    val reader = JavaDescriptor.of(pipe.source()).number()
    Checkpoint.ofDescriptors(reader).writeTo(image)
    val saved = Restore.from(image).check()
    val program: String? = saved.processes().first().program()?.name()?.decodeToString()
    check(program == "java") { "saved of $program" }
    val pages: Int = saved.origin().creator()?.pageSizeBytes() ?: 0
    check(pages >= 4096) { "pages of $pages" }
    Restore.from(image).open().use {
        val read = it.inputStream(reader).readNBytes(written.size).decodeToString()
        check(read == "in flight") { "restored: $read" }
    }
    image.deleteExisting()
    println("kotlin: saved and restored")
}
