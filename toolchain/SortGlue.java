// SPDX-License-Identifier: Apache-2.0
// Sorts the functions of the JNI glue. JavaCPP writes them in the order of reflection, which varies from run to run, and the native
// library would vary with it. If the sorted file is there already it is not written, so that it is not compiled again.
// Usage: java SortGlue.java GENERATED.cpp SORTED.cpp

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

public final class SortGlue {

    private static final String FUNCTION = "JNIEXPORT ";
    private static final String OURS = " JNICALL Java_";

    public static void main(String[] args) throws IOException {
        List<String> lines = Files.readAllLines(Path.of(args[0]));
        StringBuilder sorted = new StringBuilder();
        List<String> functions = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!line.startsWith(FUNCTION) || !line.contains(OURS)) {
                if (!functions.isEmpty()) {
                    flush(functions, sorted);
                }
                sorted.append(line).append('\n');
                continue;
            }
            StringBuilder function = new StringBuilder(line).append('\n');
            while (!lines.get(i).equals("}")) {
                function.append(lines.get(++i)).append('\n');
            }
            functions.add(function.toString());
        }
        Path target = Path.of(args[1]);
        if (!Files.exists(target) || !Files.readString(target).contentEquals(sorted)) {
            Files.createDirectories(target.getParent());
            Files.writeString(target, sorted);
        }
    }

    private static void flush(List<String> functions, StringBuilder sorted) {
        functions.sort(null);
        functions.forEach(sorted::append);
        functions.clear();
    }
}
