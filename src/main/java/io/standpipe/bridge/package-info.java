// SPDX-License-Identifier: Apache-2.0
/**
 * System calls: all natives in one class that only this package sees, typed calls over it, owned descriptors, and the one
 * place where {@code -errno} becomes an exception.
 */
package io.standpipe.bridge;
