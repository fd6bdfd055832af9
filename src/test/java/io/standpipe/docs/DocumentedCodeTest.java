// SPDX-License-Identifier: Apache-2.0
package io.standpipe.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java in the README and on the pages about the library and its API compiles. */
class DocumentedCodeTest {

    private static final Pattern BLOCK = Pattern.compile("^```java\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);

    /** Declares what the examples take for granted. */
    private static final String CLASS = """
            import io.standpipe.*;
            import io.standpipe.pipe.*;
            import java.io.*;
            import java.net.Socket;
            import java.nio.channels.Pipe;
            import java.nio.file.FileSystem;
            import java.nio.file.Path;
            import java.time.Duration;
            import java.util.*;
            class Example%d {
                void example(Process process, Process otherProcess, Pipe pipe, Socket socket, FileSystem zipFileSystem, ImageStore store)
                        throws Exception {
            %s
                }
            }
            """;

    @TempDir
    private Path classes;

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/LIBRARY.md", "docs/API.md"})
    void javaCompiles(String page) throws Exception {
        List<String> blocks = BLOCK.matcher(Files.readString(Path.of(page))).results().map(found -> found.group(1)).toList();
        assertTrue(!blocks.isEmpty());
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        for (int i = 0; i < blocks.size(); i++) {
            String source = CLASS.formatted(i, blocks.get(i));
            JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///Example" + i + ".java"), JavaFileObject.Kind.SOURCE) {
                @Override
                public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                    return source;
                }
            };
            StringWriter errors = new StringWriter();
            List<String> options = List.of("-cp", System.getProperty("java.class.path"), "-d", classes.toString(), "-proc:none");
            boolean compiled = compiler.getTask(errors, null, null, options, null, List.of(file)).call();
            assertEquals("", compiled ? "" : errors.toString());
        }
    }
}
