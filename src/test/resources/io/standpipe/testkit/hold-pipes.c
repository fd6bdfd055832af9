/* SPDX-License-Identifier: Apache-2.0 */
/* hold-pipes [READ WRITE CONTENT]...: fills pipes, places their ends at numbers, - being none, and becomes sleep. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Above all numbers that tests choose, and within the usual limit. */
#define AWAY 500

static int place(const char *number, int end)
{
    return strcmp(number, "-") == 0 || dup2(end, atoi(number)) >= 0;
}

int main(int argc, char **argv)
{
    int ends[AWAY][2];
    for (int i = 1; i + 2 < argc; i += 3) {
        int made[2];
        size_t length = strlen(argv[i + 2]);
        if (pipe2(made, O_CLOEXEC) < 0 || write(made[1], argv[i + 2], length) != (ssize_t)length)
            return 1;
        for (int end = 0; end < 2; end++) {
            ends[i / 3][end] = fcntl(made[end], F_DUPFD_CLOEXEC, AWAY);
            if (ends[i / 3][end] < 0)
                return 1;
            close(made[end]);
        }
    }
    for (int i = 1; i + 2 < argc; i += 3) {
        if (!place(argv[i], ends[i / 3][0]) || !place(argv[i + 1], ends[i / 3][1]))
            return 1;
    }
    execl("/bin/sleep", "sleep", "1000", (char *)0);
    return 1;
}
