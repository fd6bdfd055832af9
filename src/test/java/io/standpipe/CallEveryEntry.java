// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.agent.StandpipeManagement;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Calls, in a JVM that cannot load the native library, every public static method there is, and every method of what these return,
 * twice. Prints a line for each call that ends otherwise than it should, and last how many calls there were that had to fail.
 */
final class CallEveryEntry {

    /** Where the public types are, but for those that need a JVM which was started for them. */
    private static final List<String> PACKAGES = List.of("io.standpipe", "io.standpipe.pipe", "io.standpipe.crac");

    private final Map<Class<?>, Object> samples = new HashMap<>();
    private final Deque<Object> found = new ArrayDeque<>();
    private int calls;

    private CallEveryEntry(Process process, Path file) {
        Object[] all = {
            "1", file, process, process.toHandle(), new int[] {0}, new long[] {process.pid()}, new byte[10],
            new Object[] {System.in}, new Process[] {process}, new ProcessHandle[] {process.toHandle()},
            List.of("true"), Set.of(), Map.of(), Duration.ofSeconds(1), Freeze.NONE, ByteBuffer.allocateDirect(10)};
        for (Object each : all) {
            samples.put(each.getClass(), each);
        }
        samples.put(long.class, process.pid());
    }

    public static void main(String[] args) throws Exception {
        Process process = new ProcessBuilder("sleep", "1000").start();
        try {
            CallEveryEntry caller = new CallEveryEntry(process, Path.of(args[0]));
            caller.found.addAll(List.of(PipesInPlace.of(System.in), Restore.from(Path.of(args[0])), StandpipeManagement.shared()));
            caller.found.forEach(object -> caller.samples.put(object.getClass(), object));
            for (Class<?> type : publicTypes()) {
                caller.callAll(type, null);
            }
            Set<Class<?>> done = new HashSet<>();
            while (!caller.found.isEmpty()) {
                Object object = caller.found.remove();
                if (done.add(object.getClass())) {
                    caller.callAll(object.getClass(), object);
                }
            }
            if (PipeFlags.O_DIRECT != 040000 && PipeFlags.O_DIRECT != 0200000) {
                System.out.println("PipeFlags.O_DIRECT is " + PipeFlags.O_DIRECT);
            }
            System.out.println(caller.calls + " calls");
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<Class<?>> publicTypes() throws IOException, ClassNotFoundException, URISyntaxException {
        Path classes = Path.of(Checkpoint.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<Class<?>> types = new ArrayList<>();
        for (String room : PACKAGES) {
            try (Stream<Path> files = Files.list(classes.resolve(room.replace('.', '/')))) {
                for (Path file : files.filter(each -> each.toString().endsWith(".class")).sorted().toList()) {
                    String name = file.getFileName().toString().replace(".class", "");
                    if (!name.endsWith("-info")) {
                        types.add(Class.forName(room + "." + name, false, CallEveryEntry.class.getClassLoader()));
                    }
                }
            }
        }
        types.removeIf(type -> !Modifier.isPublic(type.getModifiers()));
        return types;
    }

    private void callAll(Class<?> type, @Nullable Object target) {
        Method[] methods = type.getMethods();
        Arrays.sort(methods, Comparator.comparing(Method::toString));
        for (Method method : methods) {
            boolean ours = method.getDeclaringClass().getName().startsWith("io.standpipe");
            if (ours && Modifier.isStatic(method.getModifiers()) == (target == null)) {
                Object[] arguments = arguments(method);
                if (arguments != null) {
                    call(method, target, arguments);
                    call(method, target, arguments);
                }
            }
        }
    }

    /** Returns arguments that the method takes; null if one must be made with the library first. */
    private Object @Nullable [] arguments(Method method) {
        List<Object> arguments = new ArrayList<>();
        for (int i = 0; i < method.getParameterCount(); i++) {
            Object argument = argument(method.getParameterTypes()[i], method.getGenericParameterTypes()[i].toString());
            if (argument == null) {
                return null;
            }
            arguments.add(argument);
        }
        return arguments.toArray();
    }

    private @Nullable Object argument(Class<?> type, String generic) {
        if (type == int.class) {
            return 1;
        }
        if (generic.equals("java.util.Map<java.lang.Long, java.util.List<java.lang.String>>")) {
            return Map.of(1L, List.of("true"));
        }
        if (generic.contains("<java.lang.Integer>")) {
            return type == Set.class ? Set.of() : List.of((int) ProcessHandle.current().pid());
        }
        if (type == Object.class) {
            return System.in;
        }
        if (type == Fd.class || type == Snapshot.class) {
            return null;
        }
        if (type == boolean.class) {
            return true;
        }
        if (samples.containsKey(type)) {
            return samples.get(type);
        }
        for (Object sample : samples.values()) {
            if (type.isInstance(sample)) {
                return sample;
            }
        }
        return type.isInterface()
                ? Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> null)
                : null;
    }

    private void call(Method method, @Nullable Object target, Object[] arguments) {
        boolean checked = Arrays.stream(method.getExceptionTypes()).anyMatch(IOException.class::isAssignableFrom);
        calls += checked ? 1 : 0;
        try {
            Object result = method.invoke(target, arguments);
            if (checked) {
                complain(method, "returned " + result);
            } else if (result != null && PACKAGES.contains(result.getClass().getPackageName())) {
                found.add(result);
            }
        } catch (InvocationTargetException e) {
            boolean expected = checked ? isUnavailable(method, e.getCause()) : !(e.getCause() instanceof Error);
            if (!expected) {
                complain(method, e.getCause().toString());
            }
        } catch (IllegalAccessException e) {
            complain(method, e.toString());
        }
    }

    private static boolean isUnavailable(Method method, Throwable thrown) {
        if (method.getDeclaringClass() == StandpipeManagement.class) {
            // Clients need not have the classes of Standpipe.
            return thrown.getClass() == IOException.class && thrown.getMessage().contains("the native library of Standpipe");
        }
        boolean thin = thrown instanceof ErrnoException call && call.errno() == Errno.ELIBACC && method.getDeclaringClass() == Pipes.class;
        Throwable unavailable = thin ? thrown.getCause() : thrown;
        return unavailable instanceof UnavailableException && unavailable.getCause() != null
                && unavailable.getMessage().startsWith("the native library of Standpipe")
                && thrown.getMessage().endsWith(unavailable.getMessage());
    }

    private static void complain(Method method, String ended) {
        System.out.println(method.getDeclaringClass().getSimpleName() + "." + method.getName() + Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName).collect(Collectors.joining(", ", "(", ")")) + " " + ended);
    }
}
