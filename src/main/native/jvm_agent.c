/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The entry by which the JVM has this library as an agent, when it is loaded into one that runs. An agent in a jar would stay on the
 * application's class path, be found by all that search the class path, and have to stay where it is. This one adds a single
 * class, to the platform's class loader, from a file that can be removed then.
 */
#include "standpipe.h"

#define ENTRY "io/standpipe/boot/AgentEntry"
#define CANNOT_DEFINE 1
#define CANNOT_BEGIN 2

/* HotSpot takes no longer options. */
#define MOST_BYTES 1025

/* Returns the content of a file as a byte[]; NULL, with an exception pending, if it cannot be read. */
static jbyteArray read_file(JNIEnv *env, jstring path)
{
    const jclass type = (*env)->FindClass(env, "java/io/FileInputStream");
    const jmethodID open = (*env)->GetMethodID(env, type, "<init>", "(Ljava/lang/String;)V");
    const jmethodID read = (*env)->GetMethodID(env, type, "readAllBytes", "()[B");
    const jmethodID close = (*env)->GetMethodID(env, type, "close", "()V");
    const jobject stream = open == NULL || read == NULL || close == NULL ? NULL : (*env)->NewObject(env, type, open, path);
    jbyteArray bytes = NULL;

    if (stream != NULL && !(*env)->ExceptionCheck(env)) {
        bytes = (jbyteArray)(*env)->CallObjectMethod(env, stream, read);
        if (!(*env)->ExceptionCheck(env))
            (*env)->CallVoidMethod(env, stream, close);
    }
    return (*env)->ExceptionCheck(env) ? NULL : bytes;
}

/* Defines the class in the platform's class loader; NULL, perhaps with an exception pending, if that fails. */
static jclass define_entry(JNIEnv *env, jstring path)
{
    const jclass loaders = (*env)->FindClass(env, "java/lang/ClassLoader");
    const jmethodID get =
        (*env)->GetStaticMethodID(env, loaders, "getPlatformClassLoader", "()Ljava/lang/ClassLoader;");
    const jobject platform = get == NULL ? NULL : (*env)->CallStaticObjectMethod(env, loaders, get);
    const jbyteArray bytes = platform == NULL || (*env)->ExceptionCheck(env) ? NULL : read_file(env, path);
    jbyte *content;
    jclass entry;

    if (bytes == NULL)
        return NULL;
    content = (*env)->GetByteArrayElements(env, bytes, NULL);
    if (content == NULL)
        return NULL;
    entry = (*env)->DefineClass(env, ENTRY, platform, content, (*env)->GetArrayLength(env, bytes));
    (*env)->ReleaseByteArrayElements(env, bytes, content, JNI_ABORT);
    return entry;
}

/*
 * Called by the JVM, in a thread of its own. The options, of ASCII characters, begin with the path of the class, up to a comma; the class
 * gets the rest, and its result is that of this function. An application that has the class already, by -javaagent, goes on with that.
 */
JNIEXPORT jint JNICALL Agent_OnAttach(JavaVM *vm, char *options, void *reserved)
{
    char path[MOST_BYTES];
    size_t length = 0;
    JNIEnv *env;
    jclass entry;
    jmethodID begin;
    jint result = CANNOT_BEGIN;

    (void)reserved;
    while (options[length] != '\0' && options[length] != ',' && length < sizeof(path) - 1) {
        path[length] = options[length];
        length++;
    }
    path[length] = '\0';
    if (options[length] != ',' || (*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_9) != JNI_OK)
        return CANNOT_DEFINE;
    entry = (*env)->FindClass(env, ENTRY);
    if (entry == NULL) {
        (*env)->ExceptionClear(env);
        entry = define_entry(env, (*env)->NewStringUTF(env, path));
    }
    if (entry == NULL) {
        (*env)->ExceptionClear(env);
        return CANNOT_DEFINE;
    }
    begin = (*env)->GetStaticMethodID(env, entry, "attached", "(Ljava/lang/String;)I");
    if (begin != NULL)
        result = (*env)->CallStaticIntMethod(env, entry, begin, (*env)->NewStringUTF(env, options + length + 1));
    if ((*env)->ExceptionCheck(env)) {
        (*env)->ExceptionClear(env);
        return CANNOT_BEGIN;
    }
    return result;
}
