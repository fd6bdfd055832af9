// SPDX-License-Identifier: Apache-2.0
package com.example;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;

/** Runs a main class from the jars of a directory, which come before those on the class path, as servers do with applications. */
public final class ChildFirst extends URLClassLoader {

    private ChildFirst(List<URL> jars) {
        super(jars.toArray(new URL[0]), ChildFirst.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null && !name.startsWith("java.")) {
                try {
                    loaded = findClass(name);
                } catch (ClassNotFoundException e) {
                    loaded = null;
                }
            }
            return loaded != null ? loaded : super.loadClass(name, resolve);
        }
    }

    /** @param args the directory and the main class */
    public static void main(String[] args) throws Exception {
        List<URL> jars = new ArrayList<>();
        for (File jar : new File(args[0]).listFiles()) {
            jars.add(jar.toURI().toURL());
        }
        @SuppressWarnings("resource")
        ChildFirst loader = new ChildFirst(jars);
        Thread.currentThread().setContextClassLoader(loader);
        loader.loadClass(args[1]).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    }
}
