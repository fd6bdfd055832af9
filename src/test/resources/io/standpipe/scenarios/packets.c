/* SPDX-License-Identifier: Apache-2.0 */
/* Two processes, of which one sends packets of two bytes to the other, which counts them in a file and ends when one has another length. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int count, char **arguments)
{
    char packet[4096] = "ab";
    long packets = 0;
    int ends[2];
    int file = open(arguments[1], O_CREAT | O_WRONLY, 0600);

    if (count != 2 || file < 0 || pipe2(ends, O_DIRECT) != 0)
        return 2;
    if (fork() == 0) {
        close(ends[0]);
        while (write(ends[1], packet, 2) == 2)
            continue;
        return 3;
    }
    close(ends[1]);
    while (read(ends[0], packet, sizeof packet) == 2) {
        char text[24];

        pwrite(file, text, (size_t)sprintf(text, "%ld", ++packets), 0);
    }
    return 4;
}
