// SPDX-License-Identifier: Apache-2.0
// A JVMTI agent that prints which classes, fields and methods the library looks up by JNI, each on a line.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <jvmti.h>
#include <stdio.h>
#include <string.h>

static jvmtiEnv *jvmti;
static jniNativeInterface *real;

static int is_of_library(void *caller) {
    Dl_info info;
    return dladdr(caller, &info) != 0 && info.dli_fname != NULL && strstr(info.dli_fname, "standpipe") != NULL;
}

static void print(void *caller, const char *what, jclass class, const char *name) {
    char *signature = NULL;
    if (is_of_library(caller) && class != NULL && (*jvmti)->GetClassSignature(jvmti, class, &signature, NULL) == JVMTI_ERROR_NONE) {
        printf("jni %s %s %s\n", what, signature, name);
        fflush(stdout);
    }
}

static jclass JNICALL find_class(JNIEnv *env, const char *name) {
    jclass found = real->FindClass(env, name);
    print(__builtin_return_address(0), "class", found, "-");
    return found;
}

static jfieldID JNICALL get_field(JNIEnv *env, jclass class, const char *name, const char *signature) {
    print(__builtin_return_address(0), "field", class, name);
    return real->GetFieldID(env, class, name, signature);
}

static jfieldID JNICALL get_static_field(JNIEnv *env, jclass class, const char *name, const char *signature) {
    print(__builtin_return_address(0), "field", class, name);
    return real->GetStaticFieldID(env, class, name, signature);
}

static jmethodID JNICALL get_method(JNIEnv *env, jclass class, const char *name, const char *signature) {
    print(__builtin_return_address(0), "method", class, name);
    return real->GetMethodID(env, class, name, signature);
}

static jmethodID JNICALL get_static_method(JNIEnv *env, jclass class, const char *name, const char *signature) {
    print(__builtin_return_address(0), "method", class, name);
    return real->GetStaticMethodID(env, class, name, signature);
}

static void JNICALL started(jvmtiEnv *env, JNIEnv *jni, jthread thread) {
    (void) jni;
    (void) thread;
    jniNativeInterface *traced = NULL;
    (*env)->GetJNIFunctionTable(env, &real);
    (*env)->GetJNIFunctionTable(env, &traced);
    traced->FindClass = find_class;
    traced->GetFieldID = get_field;
    traced->GetStaticFieldID = get_static_field;
    traced->GetMethodID = get_method;
    traced->GetStaticMethodID = get_static_method;
    (*env)->SetJNIFunctionTable(env, traced);
}

JNIEXPORT jint JNICALL Agent_OnLoad(JavaVM *vm, char *options, void *reserved) {
    (void) options;
    (void) reserved;
    if ((*vm)->GetEnv(vm, (void **) &jvmti, JVMTI_VERSION_1_2) != JNI_OK) {
        return JNI_ERR;
    }
    jvmtiEventCallbacks callbacks = {.VMInit = started};
    (*jvmti)->SetEventCallbacks(jvmti, &callbacks, sizeof callbacks);
    return (*jvmti)->SetEventNotificationMode(jvmti, JVMTI_ENABLE, JVMTI_EVENT_VM_INIT, NULL) == JVMTI_ERROR_NONE ? JNI_OK : JNI_ERR;
}
