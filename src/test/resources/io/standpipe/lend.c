/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lends its pages to a pipe, its standard output, and changes them when it reads a byte: from 'A' to 'B'. It may do so as soon as
 * the reader has taken them. Prints "lent" to standard error first, and "changed" then. Arguments: how (vmsplice, or splice or
 * sendfile from a file that is written to), how many pages, and how many further pipes it holds.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGE 4096

static char *memory;
static size_t size;
static int file;
static const char *how;

/* Returns once all is in the pipe: if it does not fit, once a reader has taken some. */
static void *lend(void *unused)
{
    size_t done = 0;

    while (done < size) {
        const struct iovec rest = {.iov_base = memory + done, .iov_len = size - done};
        off_t at = (off_t)done;
        long lent = strcmp(how, "vmsplice") == 0 ? vmsplice(1, &rest, 1, 0)
            : strcmp(how, "splice") == 0         ? splice(file, &at, 1, NULL, size - done, 0)
                                                 : sendfile(1, file, &at, size - done);

        if (lent <= 0)
            exit(3);
        done += (size_t)lent;
    }
    return unused;
}

int main(int count, char **arguments)
{
    pthread_t thread;
    char byte;
    int further;
    int fits;

    if (count != 4)
        return 2;
    how = arguments[1];
    size = (size_t)atoi(arguments[2]) * PAGE;
    fits = size <= 16 * PAGE;
    for (further = atoi(arguments[3]); further > 0; further--) {
        int ends[2];

        if (pipe(ends) == -1)
            return 2;
    }
    file = memfd_create("lent", 0);
    if (ftruncate(file, (off_t)size) == -1)
        return 2;
    memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    memset(memory, 'A', size);
    pthread_create(&thread, NULL, lend, NULL);
    if (fits)
        pthread_join(thread, NULL);
    fprintf(stderr, "lent\n");
    if (read(0, &byte, 1) != 1)
        return 3;
    memset(memory, 'B', size);
    fprintf(stderr, "changed\n");
    pause();
    return 0;
}
