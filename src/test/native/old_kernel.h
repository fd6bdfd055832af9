/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STANDPIPE_OLD_KERNEL_H
#define STANDPIPE_OLD_KERNEL_H

/* From now on this process has no close_range, as before Linux 5.9. Returns 0, or -1 where that cannot be had. */
int have_no_close_range(void);

/* The same of unshare, as in many containers. */
int have_no_unshare(void);

#endif
