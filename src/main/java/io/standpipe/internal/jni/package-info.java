// SPDX-License-Identifier: Apache-2.0
/** The native methods, one class, and how their library is found and loaded. */
package io.standpipe.internal.jni;
