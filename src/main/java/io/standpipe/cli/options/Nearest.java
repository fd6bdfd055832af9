// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds what somebody meant who typed something else. */
public final class Nearest {

    private static final int LETTERS_FOR_EACH_ERROR = 4;

    private Nearest() {}

    /** Returns the word that is nearest to what was typed; null if none is near. */
    public static @Nullable String to(String typed, Collection<String> words) {
        String nearest = null;
        int least = 2 + typed.length() / LETTERS_FOR_EACH_ERROR;
        for (String word : words) {
            boolean isBeginning = typed.length() > 1 && word.startsWith(typed);
            int distance = isBeginning ? 1 : distance(typed, word);
            if (distance < least && 2 * distance < Math.max(typed.length(), word.length()) && distance < word.length()) {
                nearest = word;
                least = distance;
            }
        }
        return nearest;
    }

    /** Returns how many letters were left out, added, changed, or swapped with their neighbour. */
    private static int distance(String from, String to) {
        int[][] distances = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    distances[i][j] = i + j;
                    continue;
                }
                int changed = distances[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                distances[i][j] = Math.min(changed, 1 + Math.min(distances[i - 1][j], distances[i][j - 1]));
                if (i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1)) {
                    distances[i][j] = Math.min(distances[i][j], 1 + distances[i - 2][j - 2]);
                }
            }
        }
        return distances[from.length()][to.length()];
    }
}
