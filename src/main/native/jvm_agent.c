/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The entry by which the JVM has this library as an agent, when it is loaded into one that runs. An agent in a jar would stay on the
 * application's class path, be found by all that search the class path, and have to stay where it is. This one adds a single
 * class, to the platform's class loader, from a file that can be removed then.
 *
 * No code of the application's is called, which might hang, fail or print. FindClass would ask the application's class loader: so the
 * first class comes from an object, and the others from it, by the boot loader. Each step is left out if an exception is pending.
 */
#include "standpipe.h"

#define ENTRY "io/standpipe/boot/AgentEntry"
#define ENTRY_NAME "io.standpipe.boot.AgentEntry"
#define CANNOT_DEFINE 1
#define CANNOT_BEGIN 2

/* HotSpot takes no longer options. */
#define MOST_BYTES 1025

/* Returns a class of the boot loader; NULL if an exception is pending. */
static jclass boot_class(JNIEnv *env, const char *name)
{
    const jstring text = (*env)->NewStringUTF(env, name);
    jclass classes;
    jmethodID find;
    jobject found;

    if (text == NULL)
        return NULL;
    classes = (*env)->GetObjectClass(env, (*env)->GetObjectClass(env, text));
    find = (*env)->GetStaticMethodID(env, classes, "forName", "(Ljava/lang/String;ZLjava/lang/ClassLoader;)Ljava/lang/Class;");
    if (find == NULL)
        return NULL;
    found = (*env)->CallStaticObjectMethod(env, classes, find, text, JNI_TRUE, NULL);
    return (*env)->ExceptionCheck(env) ? NULL : (jclass)found;
}

/* Returns the class loader that a static method of java.lang.ClassLoader returns; NULL if an exception is pending. */
static jobject loader(JNIEnv *env, jclass loaders, const char *method)
{
    const jmethodID get = (*env)->GetStaticMethodID(env, loaders, method, "()Ljava/lang/ClassLoader;");
    const jobject found = get == NULL ? NULL : (*env)->CallStaticObjectMethod(env, loaders, get);

    return (*env)->ExceptionCheck(env) ? NULL : found;
}

/*
 * Returns the entry if the application's class loader or one above it has it, by -javaagent or since an earlier call; NULL if none has, or
 * an exception is pending. Looks only at what is loaded.
 */
static jclass loaded_entry(JNIEnv *env, jclass loaders)
{
    const jmethodID find = (*env)->GetMethodID(env, loaders, "findLoadedClass", "(Ljava/lang/String;)Ljava/lang/Class;");
    const jmethodID above = find == NULL ? NULL : (*env)->GetMethodID(env, loaders, "getParent", "()Ljava/lang/ClassLoader;");
    const jstring name = above == NULL ? NULL : (*env)->NewStringUTF(env, ENTRY_NAME);
    jobject each = name == NULL ? NULL : loader(env, loaders, "getSystemClassLoader");

    while (each != NULL) {
        const jobject found = (*env)->CallObjectMethod(env, each, find, name);

        if (found != NULL || (*env)->ExceptionCheck(env))
            return (*env)->ExceptionCheck(env) ? NULL : (jclass)found;
        each = (*env)->CallObjectMethod(env, each, above);
        if ((*env)->ExceptionCheck(env))
            return NULL;
    }
    return NULL;
}

/* Returns the content of a file as a byte[]; NULL if an exception is pending. */
static jbyteArray read_file(JNIEnv *env, const char *path)
{
    const jstring name = (*env)->NewStringUTF(env, path);
    const jclass type = name == NULL ? NULL : boot_class(env, "java.io.FileInputStream");
    const jmethodID open = type == NULL ? NULL : (*env)->GetMethodID(env, type, "<init>", "(Ljava/lang/String;)V");
    const jmethodID read = open == NULL ? NULL : (*env)->GetMethodID(env, type, "readAllBytes", "()[B");
    const jmethodID close = read == NULL ? NULL : (*env)->GetMethodID(env, type, "close", "()V");
    const jobject stream = close == NULL ? NULL : (*env)->NewObject(env, type, open, name);
    jobject bytes = NULL;

    if (stream != NULL && !(*env)->ExceptionCheck(env)) {
        bytes = (*env)->CallObjectMethod(env, stream, read);
        if (!(*env)->ExceptionCheck(env))
            (*env)->CallVoidMethod(env, stream, close);
    }
    return (*env)->ExceptionCheck(env) ? NULL : (jbyteArray)bytes;
}

/* Defines the entry in the platform's class loader; NULL if an exception is pending. */
static jclass define_entry(JNIEnv *env, jclass loaders, const char *path)
{
    const jobject platform = loader(env, loaders, "getPlatformClassLoader");
    const jbyteArray bytes = platform == NULL ? NULL : read_file(env, path);
    jbyte *content = bytes == NULL ? NULL : (*env)->GetByteArrayElements(env, bytes, NULL);
    jclass entry;

    if (content == NULL)
        return NULL;
    entry = (*env)->DefineClass(env, ENTRY, platform, content, (*env)->GetArrayLength(env, bytes));
    (*env)->ReleaseByteArrayElements(env, bytes, content, JNI_ABORT);
    return entry;
}

static jint begin(JNIEnv *env, jclass entry, const char *options)
{
    const jstring text = (*env)->NewStringUTF(env, options);
    const jmethodID attached =
        text == NULL ? NULL : (*env)->GetStaticMethodID(env, entry, "attached", "(Ljava/lang/String;)I");
    const jint result = attached == NULL ? CANNOT_BEGIN : (*env)->CallStaticIntMethod(env, entry, attached, text);

    return (*env)->ExceptionCheck(env) ? CANNOT_BEGIN : result;
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
    jclass loaders;
    jclass entry = NULL;
    jint result;

    (void)reserved;
    while (options[length] != '\0' && options[length] != ',' && length < sizeof(path) - 1) {
        path[length] = options[length];
        length++;
    }
    path[length] = '\0';
    if (options[length] != ',' || (*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_9) != JNI_OK)
        return CANNOT_DEFINE;
    loaders = boot_class(env, "java.lang.ClassLoader");
    if (loaders != NULL)
        entry = loaded_entry(env, loaders);
    if (loaders != NULL && entry == NULL && !(*env)->ExceptionCheck(env))
        entry = define_entry(env, loaders, path);
    result = entry == NULL ? CANNOT_DEFINE : begin(env, entry, options + length + 1);
    (*env)->ExceptionClear(env);
    return result;
}
