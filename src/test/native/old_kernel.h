/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STANDPIPE_OLD_KERNEL_H
#define STANDPIPE_OLD_KERNEL_H

/* From now on this process has no close_range, as before Linux 5.9. Returns 0, or -1 where that cannot be had. */
int have_no_close_range(void);

/* The same of close_range with CLOSE_RANGE_CLOEXEC, as before Linux 5.11. */
int have_no_close_range_at_exec(void);

/* The same of whatever compares open file descriptions: kcmp (CONFIG_KCMP), and F_DUPFD_QUERY, as before Linux 6.10. */
int have_no_comparison(void);

/* The same of unshare, as in many containers. */
int have_no_unshare(void);

#endif
