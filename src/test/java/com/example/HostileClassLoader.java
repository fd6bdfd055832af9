// SPDX-License-Identifier: Apache-2.0
package com.example;

/** A system class loader that prints and fails when those who attach ask it for a class once the application runs. */
public final class HostileClassLoader extends ClassLoader {

    private static volatile boolean running;

    public HostileClassLoader(ClassLoader parent) {
        super(parent);
    }

    public static void main(String[] args) throws Exception {
        running = true;
        Application.main(args);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (running && Thread.currentThread().getName().contains("Attach")) {
            System.out.println("asked for " + name);
            throw new IllegalStateException(name);
        }
        return super.loadClass(name, resolve);
    }
}
