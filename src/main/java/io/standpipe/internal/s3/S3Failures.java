// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.s3;

import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** What the failures of an S3 store mean, and what helps. */
final class S3Failures {

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 412;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int MOVED_PERMANENTLY = 301;
    private static final int TEMPORARY_REDIRECT = 307;
    private static final int SERVER_ERROR = 500;

    private final S3Location location;
    private final String store;

    /** @param endpoint null for Amazon's own */
    S3Failures(S3Location location, @Nullable String endpoint) {
        this.location = location;
        store = endpoint == null ? "Amazon S3" : "the store at " + endpoint;
    }

    /** Returns what to throw in place of a failure of the SDK. */
    StandpipeException of(SdkException failed, String doing) {
        if (failed instanceof AwsServiceException answered) {
            return ofAnswer(answered, doing);
        }
        for (Throwable cause = failed.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException broken) {
                return connection(broken, doing, failed);
            }
        }
        String said = String.valueOf(failed.getMessage());
        if (said.contains("credentials") || said.contains("Credentials") || said.contains("rofile")) {
            return new UnavailableException(location + ": no credentials were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or"
                    + " AWS_PROFILE to a profile of ~/.aws/credentials (" + firstSentence(said) + ")", failed);
        }
        if (failed instanceof ApiCallAttemptTimeoutException || failed instanceof ApiCallTimeoutException) {
            return connection(new SocketTimeoutException(), doing, failed);
        }
        return new StandpipeException(location + ": " + doing + " failed: " + firstSentence(said), failed);
    }

    /** Returns what to throw for a connection that broke while a body came. */
    StandpipeException of(IOException broken, String doing) {
        return broken instanceof StandpipeException known ? known : connection(broken, doing, broken);
    }

    private StandpipeException ofAnswer(AwsServiceException answered, String doing) {
        int status = answered.statusCode();
        String code = answered.awsErrorDetails() == null || answered.awsErrorDetails().errorCode() == null
                ? "" : answered.awsErrorDetails().errorCode();
        String meaning = switch (code) {
            case "NoSuchBucket" -> "there is no bucket " + location.bucket() + " in " + store + ": create it, or correct the name";
            case "NoSuchKey" -> "there is no such object in the bucket" + (store.startsWith("Amazon") ? "" : " of " + store);
            case "NoSuchUpload" -> "the upload is gone while " + doing + ": it was aborted by somebody else, or by a lifecycle rule of the bucket";
            case "RequestTimeTooSkewed", "RequestExpired" -> "the clock of this machine differs too much from that of " + store
                    + ": set it, as with timedatectl set-ntp true";
            case "InvalidAccessKeyId", "InvalidToken", "TokenRefreshRequired" -> store + " does not know these credentials (" + code
                    + "): check AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN and AWS_PROFILE";
            case "SignatureDoesNotMatch" -> store + " does not accept the signature: check AWS_SECRET_ACCESS_KEY, and AWS_REGION";
            case "ExpiredToken" -> "the credentials have expired: get new ones";
            case "QuotaExceeded" -> "the quota of the bucket or of its owner is used up: make room, or raise it";
            case "EntityTooLarge" -> store + " takes no object of this size";
            case "BadDigest", "InvalidDigest" -> store + " received other bytes than were sent while " + doing + " (" + code + "): try again";
            case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException" -> "the bucket is in another region"
                    + inRegion(answered) + ": set AWS_REGION to it";
            default -> ofStatus(status, code, doing, answered);
        };
        String message = location + ": " + meaning;
        return isUnavailable(status, code) ? new UnavailableException(message, answered) : new StandpipeException(message, answered);
    }

    private String ofStatus(int status, String code, String doing, AwsServiceException answered) {
        String named = status + (code.isEmpty() ? "" : " " + code);
        if (status == FORBIDDEN || status == UNAUTHORIZED) {
            return store + " refuses it while " + doing + " (" + named + "): expected credentials with the right to s3:PutObject and"
                    + " s3:AbortMultipartUpload to write, or s3:GetObject to read (without s3:ListBucket an object that is missing is refused, too)";
        }
        if (status == NOT_FOUND) {
            return "there is no such object, or no such bucket, in " + store;
        }
        if (status == PRECONDITION_FAILED || status == RANGE_NOT_SATISFIABLE) {
            return "the object was replaced while it was read: read it again";
        }
        if (status == MOVED_PERMANENTLY || status == TEMPORARY_REDIRECT) {
            return "the bucket is in another region" + inRegion(answered) + ": set AWS_REGION to it";
        }
        String said = answered.awsErrorDetails() == null ? null : answered.awsErrorDetails().errorMessage();
        return store + " answered " + named + " while " + doing + (said == null || said.isEmpty() ? "" : ": " + said)
                + (status >= SERVER_ERROR ? ", and did so again after pauses (" + attempts(answered) + "): try again later" : "");
    }

    private static String attempts(AwsServiceException answered) {
        int attempts = answered.numAttempts() == null ? 1 : answered.numAttempts();
        return attempts == 1 ? "1 attempt" : attempts + " attempts";
    }

    private static String inRegion(AwsServiceException answered) {
        return answered.awsErrorDetails() == null || answered.awsErrorDetails().sdkHttpResponse() == null ? ""
                : answered.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region").map(name -> ", " + name).orElse("");
    }

    private static boolean isUnavailable(int status, String code) {
        return status == FORBIDDEN || status == UNAUTHORIZED || status == MOVED_PERMANENTLY || status == TEMPORARY_REDIRECT
                || code.equals("ExpiredToken") || code.equals("InvalidToken") || code.equals("AuthorizationHeaderMalformed");
    }

    private StandpipeException connection(IOException broken, String doing, Throwable cause) {
        String where = store.startsWith("Amazon") ? "Amazon S3" : store;
        String meaning;
        if (broken instanceof UnknownHostException) {
            meaning = "the host " + broken.getMessage() + " is unknown: check AWS_ENDPOINT_URL_S3 or the region, and the network";
        } else if (broken instanceof ConnectException || broken instanceof NoRouteToHostException) {
            meaning = where + " cannot be reached (" + broken.getMessage() + "): check AWS_ENDPOINT_URL_S3, and that it runs";
        } else if (broken instanceof SocketTimeoutException) {
            meaning = where + " did not answer in time while " + doing + ": try again";
        } else if (broken instanceof SSLException) {
            meaning = "no secure connection to " + where + " (" + broken.getMessage() + "): check the endpoint and its certificate";
        } else {
            meaning = "the connection to " + where + " broke while " + doing + " (" + broken.getMessage() + "): try again";
        }
        return broken instanceof UnknownHostException || broken instanceof ConnectException || broken instanceof SSLException
                ? new UnavailableException(location + ": " + meaning, cause) : new StandpipeException(location + ": " + meaning, cause);
    }

    private static String firstSentence(String said) {
        int end = said.indexOf(" in the chain");
        return end < 0 ? said : said.substring(0, end) + " in the SDK's chain";
    }
}
