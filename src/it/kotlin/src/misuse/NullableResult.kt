// SPDX-License-Identifier: Apache-2.0
// expected: return type mismatch
import io.standpipe.Image

fun inode(pipe: Image.Pipe): Image.Inode = pipe.inode()
