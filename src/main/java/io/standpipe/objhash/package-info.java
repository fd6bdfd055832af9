// SPDX-License-Identifier: Apache-2.0
/** Identity: the object hash, from object to objref and back. Knows no native code and nothing of pipes. */
package io.standpipe.objhash;
