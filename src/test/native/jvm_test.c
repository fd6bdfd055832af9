/* SPDX-License-Identifier: Apache-2.0 */
/* The shim's part of JNI, with an environment that notes what it is asked; -Xcheck:jni sees to the real one's rules. */
#define _GNU_SOURCE
#include "check.h"
#include "standpipe.h"
#include "support.h"

#include <stddef.h>
#include <string.h>

/* Objects are only passed on: any address will do for one. */
static struct _jobject {
    int any;
} object, other, class, array, made;

static int member; /* stands for a field or a method */
static int is_member_there;
static const char *wanted_name;
static const char *wanted_signature;
static jlong stored_long;
static jint stored_int;
static jobject stored_object;
static int stores;

static void JNICALL set_long_array_region(JNIEnv *env, jlongArray into, jsize start, jsize length, const jlong *values)
{
    (void)env;
    EXPECT_TRUE(into == &array && start == 0 && length == 1);
    stored_long = values[0];
    stores++;
}

static void JNICALL set_int_array_region(JNIEnv *env, jintArray into, jsize start, jsize length, const jint *values)
{
    (void)env;
    EXPECT_TRUE(into == &array && start == 0 && length == 1);
    stored_int = values[0];
    stores++;
}

static void JNICALL set_object_array_element(JNIEnv *env, jobjectArray into, jsize index, jobject value)
{
    (void)env;
    EXPECT_TRUE(into == &array && index == 0);
    stored_object = value;
    stores++;
}

static void *JNICALL get_direct_buffer_address(JNIEnv *env, jobject buffer)
{
    (void)env;
    return buffer == &object ? &member : NULL;
}

static jclass JNICALL get_object_class(JNIEnv *env, jobject of)
{
    (void)env;
    EXPECT_TRUE(of == &object);
    return &class;
}

static jfieldID JNICALL get_field_id(JNIEnv *env, jclass of, const char *name, const char *signature)
{
    (void)env;
    EXPECT_TRUE(of == &class);
    EXPECT(0, strcmp(wanted_name, name));
    EXPECT(0, strcmp(wanted_signature, signature));
    return is_member_there ? (jfieldID)&member : NULL;
}

static jmethodID JNICALL get_method_id(JNIEnv *env, jclass of, const char *name, const char *signature)
{
    return (jmethodID)get_field_id(env, of, name, signature);
}

static void JNICALL set_int_field(JNIEnv *env, jobject of, jfieldID field, jint value)
{
    (void)env;
    EXPECT_TRUE(of == &object && field == (jfieldID)&member);
    stored_int = value;
    stores++;
}

static jint JNICALL get_int_field(JNIEnv *env, jobject of, jfieldID field)
{
    (void)env;
    EXPECT_TRUE(of == &object && field == (jfieldID)&member);
    return 42;
}

static jboolean JNICALL get_boolean_field(JNIEnv *env, jobject of, jfieldID field)
{
    (void)env;
    EXPECT_TRUE(of == &object && field == (jfieldID)&member);
    return JNI_TRUE;
}

static jobject JNICALL get_object_field(JNIEnv *env, jobject of, jfieldID field)
{
    (void)env;
    EXPECT_TRUE(of == &object && field == (jfieldID)&member);
    return &other;
}

/* Takes two objects; fails, as by an exception, for two that are the same. */
static jobject JNICALL new_object(JNIEnv *env, jclass of, jmethodID constructor, ...)
{
    va_list arguments;
    jobject first;
    jobject second;

    (void)env;
    EXPECT_TRUE(of == &class && constructor == (jmethodID)&member);
    va_start(arguments, constructor);
    first = va_arg(arguments, jobject);
    second = va_arg(arguments, jobject);
    va_end(arguments);
    return first == second ? NULL : &made;
}

static const struct JNINativeInterface_ functions = {
    .SetLongArrayRegion = set_long_array_region,
    .SetIntArrayRegion = set_int_array_region,
    .SetObjectArrayElement = set_object_array_element,
    .GetDirectBufferAddress = get_direct_buffer_address,
    .GetObjectClass = get_object_class,
    .GetFieldID = get_field_id,
    .GetMethodID = get_method_id,
    .SetIntField = set_int_field,
    .GetIntField = get_int_field,
    .GetBooleanField = get_boolean_field,
    .GetObjectField = get_object_field,
    .NewObject = new_object,
};
static JNIEnv environment = &functions;

static void want(const char *name, const char *signature, int is_there)
{
    wanted_name = name;
    wanted_signature = signature;
    is_member_there = is_there;
    stored_long = 0;
    stored_int = 0;
    stored_object = NULL;
    stores = 0;
}

static void buffer_address_is_0_if_not_direct(void)
{
    want(NULL, NULL, 0);
    sp_buffer_address(&environment, NULL, &object, &array);
    EXPECT(ADDRESS(&member), stored_long);
    sp_buffer_address(&environment, NULL, &other, &array);
    EXPECT(0, stored_long);
    EXPECT(2, stores);
}

static void java_descriptor_sets_the_field(void)
{
    want("fd", "I", 1);
    sp_java_descriptor(&environment, NULL, &object, 7);
    EXPECT(7, stored_int);
    want("fd", "I", 0);
    sp_java_descriptor(&environment, NULL, &object, 7);
    EXPECT(0, stores);
}

static void int_field_is_stored(void)
{
    want("number", "I", 1);
    sp_int_field(&environment, NULL, &object, &class, ADDRESS("number"), &array);
    EXPECT(42, stored_int);
    want("number", "I", 0);
    sp_int_field(&environment, NULL, &object, &class, ADDRESS("number"), &array);
    EXPECT(0, stores);
}

static void boolean_field_is_stored_as_a_number(void)
{
    want("closed", "Z", 1);
    sp_boolean_field(&environment, NULL, &object, &class, ADDRESS("closed"), &array);
    EXPECT(1, stored_int);
    want("closed", "Z", 0);
    sp_boolean_field(&environment, NULL, &object, &class, ADDRESS("closed"), &array);
    EXPECT(0, stores);
}

static void object_field_is_stored(void)
{
    want("next", "LNext;", 1);
    sp_object_field(&environment, NULL, &object, &class, ADDRESS("next"), ADDRESS("LNext;"), &array);
    EXPECT_TRUE(stored_object == &other);
    want("next", "LNext;", 0);
    sp_object_field(&environment, NULL, &object, &class, ADDRESS("next"), ADDRESS("LNext;"), &array);
    EXPECT(0, stores);
}

static void construct_stores_what_was_made(void)
{
    want("<init>", "(LA;LB;)V", 1);
    sp_construct(&environment, NULL, &class, ADDRESS("(LA;LB;)V"), &object, &other, &array);
    EXPECT_TRUE(stored_object == &made);
    want("<init>", "(LA;LB;)V", 1);
    sp_construct(&environment, NULL, &class, ADDRESS("(LA;LB;)V"), &object, &object, &array);
    EXPECT(0, stores);
    want("<init>", "(LA;LB;)V", 0);
    sp_construct(&environment, NULL, &class, ADDRESS("(LA;LB;)V"), &object, &other, &array);
    EXPECT(0, stores);
}

const struct test jvm_tests[] = {
    {"sp_buffer_address", "is 0 if not direct", buffer_address_is_0_if_not_direct},
    {"sp_java_descriptor", "sets the field", java_descriptor_sets_the_field},
    {"sp_int_field", "is stored", int_field_is_stored},
    {"sp_boolean_field", "is stored as a number", boolean_field_is_stored_as_a_number},
    {"sp_object_field", "is stored", object_field_is_stored},
    {"sp_construct", "stores what was made", construct_stores_what_was_made},
    {0},
};
