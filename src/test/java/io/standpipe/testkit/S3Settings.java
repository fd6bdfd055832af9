// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.util.HashMap;
import java.util.Map;

/** What the AWS SDK of this JVM finds as endpoint and credentials; {@code close} sets what there was before. */
public final class S3Settings implements AutoCloseable {

    private final Map<String, String> before = new HashMap<>();

    /** @param secretKey null for no credentials at all */
    public S3Settings(String endpoint, String accessKey, String secretKey) {
        set("aws.endpointUrl", endpoint);
        set("aws.accessKeyId", secretKey == null ? null : accessKey);
        set("aws.secretAccessKey", secretKey);
        set("aws.disableEc2Metadata", "true");
        set("aws.sharedCredentialsFile", "/dev/null");
        set("aws.configFile", "/dev/null");
    }

    public S3Settings with(String name, String value) {
        set(name, value);
        return this;
    }

    private void set(String name, String value) {
        String old = value == null ? System.clearProperty(name) : System.setProperty(name, value);
        before.putIfAbsent(name, old);
    }

    @Override
    public void close() {
        before.forEach((name, value) -> {
            if (value == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
    }
}
