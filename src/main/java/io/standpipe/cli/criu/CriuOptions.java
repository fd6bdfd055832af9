// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Options for CRIU, as its command line takes them. Only those are known that concern Standpipe.
 *
 * @param all as they were typed, before {@code --}
 * @param command what was typed behind it, from {@code --} on: the command of CRIU's option {@code --exec-cmd}
 */
record CriuOptions(List<String> all, List<String> command) {

    private static final String END = "--";

    /** Those that take a value, by their short names. */
    private static final Map<String, String> SHORT = Map.of("-L", "--libdir", "-t", "--tree", "-D", "--images-dir", "-W", "--work-dir");

    static CriuOptions of(List<String> all) {
        int end = all.contains(END) ? all.indexOf(END) : all.size();
        return new CriuOptions(List.copyOf(all.subList(0, end)), List.copyOf(all.subList(end, all.size())));
    }

    /** Refuses an option that Standpipe has itself. */
    CriuOptions refusing(String... names) {
        for (String name : names) {
            if (without(name).size() < all.size()) {
                throw new IllegalArgumentException(name + " is an option of this command: give it before --, without CRIU's options");
            }
        }
        return this;
    }

    /** Returns the value of an option; the last one counts. */
    String value(String name, String otherwise) {
        String value = otherwise;
        for (int i = 0; i < all.size(); i++) {
            String each = all.get(i);
            if (isSeparate(each, name) && i + 1 < all.size()) {
                value = all.get(++i);
            } else if (each.startsWith(name + "=")) {
                value = each.substring(name.length() + 1);
            } else if (isJoined(each, name)) {
                value = each.substring(2);
            }
        }
        return value;
    }

    /** Returns all but an option and its value. */
    List<String> without(String name) {
        List<String> rest = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            String each = all.get(i);
            if (isSeparate(each, name)) {
                i++;
            } else if (!each.startsWith(name + "=") && !isJoined(each, name)) {
                rest.add(each);
            }
        }
        return rest;
    }

    private static boolean isSeparate(String word, String name) {
        return word.equals(name) || name.equals(SHORT.get(word));
    }

    private static boolean isJoined(String word, String name) {
        return word.length() > 2 && word.charAt(1) != '-' && name.equals(SHORT.get(word.substring(0, 2)));
    }
}
