/* SPDX-License-Identifier: Apache-2.0 */
/* What Java code cannot reach and JNI can. */
#include "standpipe.h"

void sp_buffer_address(JNIEnv *env, jclass caller, jobject buffer, jobject address)
{
    const jlong value = (jlong)(uintptr_t)(*env)->GetDirectBufferAddress(env, buffer);

    (void)caller;
    (*env)->SetLongArrayRegion(env, address, 0, 1, &value);
}

void sp_java_descriptor(JNIEnv *env, jclass caller, jobject file_descriptor, int32_t fd)
{
    const jfieldID field = (*env)->GetFieldID(env, (*env)->GetObjectClass(env, file_descriptor), "fd", "I");

    (void)caller;
    if (field != NULL)
        (*env)->SetIntField(env, file_descriptor, field, fd);
}
