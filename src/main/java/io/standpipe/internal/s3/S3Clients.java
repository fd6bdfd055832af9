// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.s3;

import io.standpipe.UnavailableException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.InstanceProfileRegionProvider;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;

/** Clients with the endpoint, the region and the credentials that the SDK finds. */
final class S3Clients {

    private S3Clients() {}

    /** Returns a client, which the caller closes. */
    static S3Client byDefault(S3Location location) throws UnavailableException {
        try {
            return found(location);
        } catch (RuntimeException e) {
            throw new UnavailableException(location + ": the settings for S3 are not as expected (" + e.getMessage() + "): check"
                    + " AWS_ENDPOINT_URL_S3, such as https://store.example.com, and the profile", e);
        }
    }

    private static S3Client found(S3Location location) throws UnavailableException {
        Region region = region(new AwsRegionProviderChain(new SystemSettingsRegionProvider(), new AwsProfileRegionProvider()));
        S3Client client = build(region, false);
        if (client.serviceClientConfiguration().endpointOverride().isPresent()) {
            client.close();
            return build(region, true);
        }
        if (region != null) {
            return client;
        }
        client.close();
        Region ofMachine = region(new AwsRegionProviderChain(new InstanceProfileRegionProvider()));
        if (ofMachine == null) {
            throw new UnavailableException(location + ": no region is set: set AWS_REGION, such as AWS_REGION=eu-central-1, or region in"
                    + " ~/.aws/config; for another store than Amazon's, AWS_ENDPOINT_URL_S3");
        }
        return build(ofMachine, false);
    }

    private static @Nullable Region region(AwsRegionProviderChain chain) {
        try {
            return chain.getRegion();
        } catch (SdkClientException e) {
            return null;
        }
    }

    /**
     * @param region null for that of stores that have none, which is part of a signature all the same
     * @param ownEndpoint whether the store is not Amazon's, and has its buckets in the path of a URL, not in the host's name
     */
    private static S3Client build(@Nullable Region region, boolean ownEndpoint) {
        return S3Client.builder()
                .region(region == null ? Region.US_EAST_1 : region)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                // Older stores, such as Ceph's before 17, refuse checksums behind a body. Each body is sent with its MD5.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(S3Configuration.builder()
                        .chunkedEncodingEnabled(false)
                        .pathStyleAccessEnabled(ownEndpoint)
                        .build())
                .build();
    }
}
