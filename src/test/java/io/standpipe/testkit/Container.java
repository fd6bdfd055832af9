// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * A directory that is the root of a program, which has mount and pid namespaces of its own, and maybe a user namespace. The host's
 * /usr and /etc, and so its JDKs, are bound into it. Parts of /proc are masked or read-only, as engines have it.
 */
public final class Container {

    /** What makes the namespaces. */
    public enum Runtime { UNSHARE, RUNC }

    /** What the program may write to. */
    public enum Form { WRITABLE, TMP, READ_ONLY }

    /** User and group outside that are user and group 0 in a user namespace. */
    public static final int BASE = 100_000;

    private static final List<String> BINDS = List.of("/usr", "/etc");

    private final Runtime runtime;
    private final Form form;
    private final int base;
    private final Path root;

    private Container(Runtime runtime, Form form, int base, Path root) {
        this.runtime = runtime;
        this.form = form;
        this.base = base;
        this.root = root;
    }

    /**
     * Makes the root; skips the test if no such container can be made here.
     *
     * @param mapped whether it has a user namespace, mapped to {@link #BASE}
     */
    public static Container in(Path directory, Runtime runtime, Form form, boolean mapped) throws IOException, InterruptedException {
        Host.assumeMountNamespaces();
        Host.assumeTool(runtime == Runtime.RUNC ? "runc" : "unshare");
        if (mapped) {
            Host.assumeUserNamespaces();
        }
        Container container = new Container(runtime, form, mapped ? BASE : 0, Files.createDirectory(directory.resolve("root")));
        container.fill(directory);
        Host.run(container.command("/usr/bin/true").toArray(new String[0]));
        return container;
    }

    private void fill(Path directory) throws IOException, InterruptedException {
        for (String each : List.of("usr", "etc", "dev", "proc", "sys", "old", "tmp", "app")) {
            Files.createDirectory(root.resolve(each));
        }
        for (String each : List.of("bin", "lib", "lib64")) {
            Files.createSymbolicLink(root.resolve(each), Path.of("usr", each));
        }
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        Host.run("chmod", "1777", root.resolve("tmp").toString());
        Host.run("chown", "-R", "-h", base + ":" + base, root.toString());
    }

    /** Returns the root, as the host sees it. */
    public Path root() {
        return root;
    }

    /** Returns the command line that runs a main class of the tests, which needs no other class of its package. */
    public List<String> java(Jdks.Jdk jdk, Class<?> main) throws IOException {
        String file = main.getName().replace('.', '/') + ".class";
        Path copy = root.resolve("app").resolve(file);
        Files.createDirectories(copy.getParent());
        try (InputStream in = main.getClassLoader().getResourceAsStream(file)) {
            Files.copy(in, copy);
        }
        List<String> command = new ArrayList<>(List.of(jdk.java()));
        command.addAll(TestJvm.shortLived());
        command.addAll(List.of("-cp", "/app", main.getName()));
        return command(command.toArray(new String[0]));
    }

    /** Copies a file or directory to where the container has its application; returns its path in the container. */
    public String copy(Path file) throws IOException, InterruptedException {
        String copy = "/app/" + UUID.randomUUID();
        Host.run("cp", "-r", file.toString(), root + copy);
        Host.run("chmod", "-R", "a+rX", root + copy);
        return copy;
    }

    /** Returns the command line that runs another command line in the container. */
    public List<String> command(String... command) throws IOException {
        List<String> line = new ArrayList<>();
        if (runtime == Runtime.RUNC) {
            Path bundle = Files.createTempDirectory(root.getParent(), "bundle");
            Files.writeString(bundle.resolve("config.json"), specification(List.of(command)));
            line.addAll(List.of("runc", "run", "--bundle", bundle.toString(), "standpipe-test-" + UUID.randomUUID()));
        } else {
            try (InputStream script = Container.class.getResourceAsStream("container.sh")) {
                line.addAll(List.of("sh", "-c", new String(script.readAllBytes(), StandardCharsets.UTF_8), "container.sh"));
            }
            line.addAll(List.of(String.join(" ", BINDS), form.name().toLowerCase(Locale.ROOT).replace('_', '-'), Integer.toString(base)));
            line.add(root.toString());
            line.addAll(List.of(command));
        }
        return line;
    }

    /** Returns the configuration in the format of the Open Container Initiative. */
    private String specification(List<String> command) {
        JsonObject process = object("{terminal: false, user: {uid: 0, gid: 0}, cwd: '/', env: ['PATH=/usr/bin'], noNewPrivileges: true}");
        JsonArray arguments = new JsonArray();
        command.forEach(arguments::add);
        process.add("args", arguments);
        JsonArray mounts = JsonParser.parseString("[{destination: '/proc', type: 'proc', source: 'proc'},"
                + " {destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755']}]").getAsJsonArray();
        for (String bind : BINDS) {
            mounts.add(object("{destination: '" + bind + "', type: 'bind', source: '" + bind + "', options: ['rbind', 'ro']}"));
        }
        if (form == Form.TMP) {
            mounts.add(object("{destination: '/tmp', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=1777']}"));
        }
        String namespaces = "{type: 'pid'}, {type: 'mount'}, {type: 'ipc'}, {type: 'uts'}";
        String ids = "[{containerID: 0, hostID: " + base + ", size: 65536}]";
        JsonObject linux = object(base == 0 ? "{namespaces: [" + namespaces + "]}"
                : "{namespaces: [" + namespaces + ", {type: 'user'}], uidMappings: " + ids + ", gidMappings: " + ids + "}");
        JsonObject all = object("{ociVersion: '1.0.2'}");
        JsonObject rootfs = new JsonObject();
        rootfs.addProperty("path", root.toString());
        rootfs.addProperty("readonly", form != Form.WRITABLE);
        linux.add("maskedPaths", JsonParser.parseString("['/proc/kcore', '/proc/keys', '/proc/timer_list', '/sys/firmware']"));
        linux.add("readonlyPaths", JsonParser.parseString("['/proc/sys', '/proc/sysrq-trigger', '/proc/irq', '/proc/bus']"));
        all.add("process", process);
        all.add("root", rootfs);
        all.add("mounts", mounts);
        all.add("linux", linux);
        return all.toString();
    }

    private static JsonObject object(String text) {
        JsonElement parsed = JsonParser.parseString(text);
        return parsed.getAsJsonObject();
    }
}
