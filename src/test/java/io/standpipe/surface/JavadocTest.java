// SPDX-License-Identifier: Apache-2.0
package io.standpipe.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.SinceTree;
import com.sun.source.doctree.ThrowsTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is written of the public API: since when a type exists, what a method throws; and that a pid is no int. */
class JavadocTest {

    private static final Pattern RELEASE = Pattern.compile("\\d+\\.\\d+(\\.\\d+)?");
    private static final Pattern PID = Pattern.compile("pid|pids|\\w+Pids?");

    /** Looks at the public types of one source, and collects what is missing. */
    private static final class Scan extends TreePathScanner<Void, Void> {

        private final DocTrees docs;
        private final CompilationUnitTree unit;
        private final List<String> missing;

        Scan(DocTrees docs, CompilationUnitTree unit, List<String> missing) {
            this.docs = docs;
            this.unit = unit;
            this.missing = missing;
        }

        @Override
        public Void visitClass(ClassTree type, Void none) {
            if (!isVisible(type.getModifiers().getFlags())) {
                return null;
            }
            DocCommentTree doc = doc();
            if (doc == null || doc.getFirstSentence().isEmpty()) {
                complain(type.getSimpleName() + " has no sentence that says what it is");
            } else if (getCurrentPath().getParentPath().getLeaf() == unit && releases(doc).noneMatch(RELEASE.asMatchPredicate())) {
                complain(type.getSimpleName() + " has no @since");
            }
            return super.visitClass(type, null);
        }

        @Override
        public Void visitMethod(MethodTree method, Void none) {
            ClassTree type = (ClassTree) getCurrentPath().getParentPath().getLeaf();
            boolean overrides = method.getModifiers().getAnnotations().stream()
                    .anyMatch(annotation -> annotation.getAnnotationType().toString().equals("Override"));
            if (overrides || !isVisible(method.getModifiers().getFlags()) && type.getKind() != Tree.Kind.INTERFACE) {
                return null;
            }
            String name = type.getSimpleName() + "." + method.getName();
            DocCommentTree doc = doc();
            boolean plain = method.getReturnType() == null && method.getThrows().isEmpty();
            if (doc == null && !plain) {
                complain(name + " has no javadoc");
            }
            Set<String> described = doc == null ? Set.of() : thrown(doc);
            for (ExpressionTree thrown : method.getThrows()) {
                if (!described.contains(thrown.toString())) {
                    complain(name + " has no @throws " + thrown);
                }
            }
            Stream.of("IllegalArgumentException", "IllegalStateException", "NoSuchElementException")
                    .filter(each -> method.getBody() != null && method.getBody().toString().contains("throw new " + each + "("))
                    .filter(each -> !described.contains(each))
                    .forEach(each -> complain(name + " has no @throws " + each));
            checkPid(name, method.getReturnType(), method.getName().toString());
            method.getParameters().forEach(each -> checkPid(name, each.getType(), each.getName().toString()));
            return null;
        }

        /** Components of records are fields here. */
        @Override
        public Void visitVariable(VariableTree field, Void none) {
            Tree type = getCurrentPath().getParentPath().getLeaf();
            boolean component = type.getKind() == Tree.Kind.RECORD && !field.getModifiers().getFlags().contains(Modifier.STATIC);
            if (component) {
                checkPid(((ClassTree) type).getSimpleName().toString(), field.getType(), field.getName().toString());
            }
            return null;
        }

        private void checkPid(String where, @Nullable Tree type, String name) {
            boolean narrow = type != null && Pattern.compile("\\bint\\b|\\bInteger\\b").matcher(type.toString()).find();
            if (narrow && PID.matcher(name).matches()) {
                complain(where + " has a pid " + name + " of type " + type + ", expected long");
            }
        }

        private @Nullable DocCommentTree doc() {
            TreePath path = getCurrentPath();
            return docs.getDocCommentTree(path);
        }

        private static boolean isVisible(Set<Modifier> flags) {
            return flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED);
        }

        private static Stream<String> releases(DocCommentTree doc) {
            return doc.getBlockTags().stream()
                    .filter(SinceTree.class::isInstance)
                    .map(tag -> ((SinceTree) tag).getBody().stream().map(DocTree::toString).collect(Collectors.joining()));
        }

        private static Set<String> thrown(DocCommentTree doc) {
            return doc.getBlockTags().stream()
                    .filter(ThrowsTree.class::isInstance)
                    .map(tag -> ((ThrowsTree) tag).getExceptionName().getSignature())
                    .collect(Collectors.toSet());
        }

        private void complain(String what) {
            missing.add(Path.of(unit.getSourceFile().toUri()).getFileName() + ": " + what);
        }
    }

    @Test
    void typesSaySinceWhenTheyExistAndMethodsWhatTheyThrow() throws IOException {
        List<String> missing = new ArrayList<>();
        List<Path> sources = sources();
        assertTrue(sources.size() > 40, sources::toString);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        var files = compiler.getStandardFileManager(null, null, null);
        JavacTask task = (JavacTask) compiler.getTask(null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
        for (CompilationUnitTree unit : task.parse()) {
            new Scan(DocTrees.instance(task), unit, missing).scan(unit, null);
        }
        assertEquals("", String.join("\n", missing));
    }

    @Test
    void whatMayBeNullIsSaidInEveryExportedPackage() throws Exception {
        for (String exported : PublicTypes.packages()) {
            assertTrue(Class.forName(exported + ".package-info").isAnnotationPresent(NullMarked.class), exported);
        }
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String exported : PublicTypes.packages()) {
            try (Stream<Path> files = Files.list(PublicTypes.SOURCES.resolve(exported.replace('.', '/')))) {
                files.filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java")).sorted().forEach(sources::add);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
        return sources;
    }
}
