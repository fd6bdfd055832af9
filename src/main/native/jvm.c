/* SPDX-License-Identifier: Apache-2.0 */
/* What JNI can read or set, and Java code cannot. */
#include "standpipe.h"
#include "syscall.h"

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

void sp_int_field(JNIEnv *env, jclass caller, jobject object, jobject declaring_class, int64_t name_address, jobject into)
{
    const jfieldID field = (*env)->GetFieldID(env, declaring_class, SP_POINTER(const char, name_address), "I");

    (void)caller;
    if (field != NULL) {
        const jint value = (*env)->GetIntField(env, object, field);

        (*env)->SetIntArrayRegion(env, into, 0, 1, &value);
    }
}

void sp_boolean_field(JNIEnv *env, jclass caller, jobject object, jobject declaring_class, int64_t name_address, jobject into)
{
    const jfieldID field = (*env)->GetFieldID(env, declaring_class, SP_POINTER(const char, name_address), "Z");

    (void)caller;
    if (field != NULL) {
        const jint value = (*env)->GetBooleanField(env, object, field) != JNI_FALSE;

        (*env)->SetIntArrayRegion(env, into, 0, 1, &value);
    }
}

void sp_object_field(JNIEnv *env, jclass caller, jobject object, jobject declaring_class, int64_t name_address,
                     int64_t signature_address, jobject into)
{
    const jfieldID field = (*env)->GetFieldID(env, declaring_class, SP_POINTER(const char, name_address),
                                              SP_POINTER(const char, signature_address));

    (void)caller;
    if (field != NULL)
        (*env)->SetObjectArrayElement(env, into, 0, (*env)->GetObjectField(env, object, field));
}

void sp_construct(JNIEnv *env, jclass caller, jobject constructed_class, int64_t signature_address, jobject first,
                  jobject second, jobject into)
{
    const jmethodID constructor = (*env)->GetMethodID(env, constructed_class, "<init>",
                                                      SP_POINTER(const char, signature_address));

    (void)caller;
    if (constructor != NULL) {
        const jobject made = (*env)->NewObject(env, constructed_class, constructor, first, second);

        if (made != NULL)
            (*env)->SetObjectArrayElement(env, into, 0, made);
    }
}
