// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import java.util.Arrays;
import java.util.List;

/** A command's arguments as execve wants them: the addresses of strings, and a null at the end. */
public final class ArgumentVector {

    private final List<NativeMemory> strings;
    private final NativeMemory addresses;

    ArgumentVector(List<String> arguments) {
        strings = arguments.stream().map(NativeMemory::ofString).toList();
        long[] values = new long[strings.size() + 1];
        Arrays.setAll(values, i -> i < strings.size() ? strings.get(i).address() : 0);
        addresses = NativeMemory.nativeOrder(values.length * Long.BYTES);
        addresses.buffer().asLongBuffer().put(values);
    }

    /** Valid as long as this object can be reached. */
    long address() {
        return addresses.address();
    }
}
