// SPDX-License-Identifier: Apache-2.0
/** What the kernel itself knows of the pipes of this process, asked for at once. */
package io.standpipe.survey;
