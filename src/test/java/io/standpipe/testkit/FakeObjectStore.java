// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** As much of an S3 store as an image needs, with one bucket, and with the failures that a test asks for. It checks no signature. */
public final class FakeObjectStore implements AutoCloseable {

    public static final String BUCKET = "images";

    private static final int RANGE_UNITS = "bytes=".length();

    /** What is done in place of an answer, or before it. */
    public interface Fault {
        /** Returns whether the request is to be carried out all the same. */
        boolean strike(HttpExchange exchange) throws IOException;
    }

    private record Asked(String method, String inQuery, Fault fault) {}

    private record Stored(byte[] bytes, String etag, Map<String, String> metadata, int firstPartBytes) {}

    private record Upload(String key, Map<String, String> metadata, TreeMap<Integer, byte[]> parts) {}

    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Stored> objects = new ConcurrentHashMap<>();
    private final Map<String, Upload> uploads = new ConcurrentHashMap<>();
    private final ThreadLocal<Boolean> unanswered = ThreadLocal.withInitial(() -> false);
    private final List<Asked> faults = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();

    public FakeObjectStore() throws IOException {
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Has something go wrong with the next requests of a method whose query has this text. */
    public synchronized void fault(int times, String method, String inQuery, Fault fault) {
        for (int i = 0; i < times; i++) {
            faults.add(new Asked(method, inQuery, fault));
        }
    }

    /** Answers with an error in place of carrying a request out. */
    public static Fault answering(int status, String code) {
        return exchange -> {
            exchange.getRequestBody().readAllBytes();
            error(exchange, status, code);
            return false;
        };
    }

    /** Returns the object, null if there is none. */
    public byte[] object(String key) {
        Stored stored = objects.get(key);
        return stored == null ? null : stored.bytes;
    }

    public void put(String key, byte[] bytes) {
        objects.put(key, new Stored(bytes, hex(md5(bytes)), Map.of(), bytes.length));
    }

    /** Changes a byte of an object, but not the hash. */
    public void damage(String key, int at) {
        objects.get(key).bytes[at] ^= 1;
    }

    /** Makes an object what a tool makes that copies it in two parts, the first of another length, with its metadata. */
    public void divideOtherwise(String key, int firstPartBytes) {
        Stored stored = objects.get(key);
        ByteArrayOutputStream hashes = new ByteArrayOutputStream();
        hashes.writeBytes(md5(Arrays.copyOf(stored.bytes, firstPartBytes)));
        hashes.writeBytes(md5(Arrays.copyOfRange(stored.bytes, firstPartBytes, stored.bytes.length)));
        objects.put(key, new Stored(stored.bytes, hex(md5(hashes.toByteArray())) + "-2", stored.metadata, firstPartBytes));
    }

    public int uploads() {
        return uploads.size();
    }

    /** Returns method and query of each request so far. */
    public synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    private synchronized Fault due(HttpExchange exchange) {
        String query = query(exchange);
        requests.add(exchange.getRequestMethod() + " " + query);
        for (Asked asked : faults) {
            if (asked.method.equals(exchange.getRequestMethod()) && query.contains(asked.inQuery)) {
                faults.remove(asked);
                return asked.fault;
            }
        }
        return any -> true;
    }

    private static String query(HttpExchange exchange) {
        String query = exchange.getRequestURI().getRawQuery();
        return query == null ? "" : query;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (due(exchange).strike(exchange)) {
                serve(exchange);
            }
        }
    }

    /** Carries out a request, but sends no answer. */
    public void carryOutUnanswered(HttpExchange exchange) throws IOException {
        unanswered.set(true);
        try {
            serve(exchange);
        } finally {
            unanswered.set(false);
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        if (!path.startsWith("/" + BUCKET + "/")) {
            error(exchange, 404, "NoSuchBucket");
            return;
        }
        String key = path.substring(BUCKET.length() + 2);
        String md5 = exchange.getRequestHeaders().getFirst("Content-MD5");
        if (md5 != null && !Arrays.equals(Base64.getDecoder().decode(md5), md5(body))) {
            error(exchange, 400, "BadDigest");
            return;
        }
        Map<String, String> query = new TreeMap<>();
        for (String each : query(exchange).split("&")) {
            query.put(each.replaceAll("=.*", ""), each.replaceAll(".*?=", ""));
        }
        switch (exchange.getRequestMethod()) {
            case "PUT" -> put(exchange, key, query, body);
            case "POST" -> post(exchange, key, query);
            case "DELETE" -> delete(exchange, query);
            default -> get(exchange, key, query.get("partNumber"));
        }
    }

    private void put(HttpExchange exchange, String key, Map<String, String> query, byte[] body) throws IOException {
        if (query.containsKey("uploadId")) {
            Upload upload = uploads.get(query.get("uploadId"));
            if (upload == null) {
                error(exchange, 404, "NoSuchUpload");
                return;
            }
            upload.parts.put(Integer.parseInt(query.get("partNumber")), body);
        } else {
            objects.put(key, new Stored(body, hex(md5(body)), metadata(exchange), body.length));
        }
        exchange.getResponseHeaders().add("ETag", "\"" + hex(md5(body)) + "\"");
        if (!unanswered.get()) {
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private void post(HttpExchange exchange, String key, Map<String, String> query) throws IOException {
        if (query.containsKey("uploads")) {
            String id = "upload-" + uploads.size();
            uploads.put(id, new Upload(key, metadata(exchange), new TreeMap<>()));
            xml(exchange, "<InitiateMultipartUploadResult><UploadId>" + id + "</UploadId></InitiateMultipartUploadResult>");
            return;
        }
        Upload upload = uploads.remove(query.get("uploadId"));
        if (upload == null) {
            error(exchange, 404, "NoSuchUpload");
            return;
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        ByteArrayOutputStream hashes = new ByteArrayOutputStream();
        for (byte[] part : upload.parts.values()) {
            whole.write(part);
            hashes.write(md5(part));
        }
        String etag = hex(md5(hashes.toByteArray())) + "-" + upload.parts.size();
        objects.put(key, new Stored(whole.toByteArray(), etag, upload.metadata, upload.parts.firstEntry().getValue().length));
        xml(exchange, "<CompleteMultipartUploadResult><ETag>\"" + etag + "\"</ETag></CompleteMultipartUploadResult>");
    }

    private void delete(HttpExchange exchange, Map<String, String> query) throws IOException {
        if (uploads.remove(query.get("uploadId")) == null) {
            error(exchange, 404, "NoSuchUpload");
        } else {
            exchange.sendResponseHeaders(204, -1);
        }
    }

    private void get(HttpExchange exchange, String key, String part) throws IOException {
        Stored stored = objects.get(key);
        String only = exchange.getRequestHeaders().getFirst("If-Match");
        if (stored == null) {
            error(exchange, 404, "NoSuchKey");
        } else if (only != null && !only.replace("\"", "").equals(stored.etag)) {
            error(exchange, 412, "PreconditionFailed");
        } else {
            String range = exchange.getRequestHeaders().getFirst("Range");
            String[] ends = range == null ? new String[] {"0"} : range.substring(RANGE_UNITS).split("-");
            int from = Integer.parseInt(ends[0]);
            if (range != null && from >= stored.bytes.length) {
                error(exchange, 416, "InvalidRange");
                return;
            }
            int length = (ends.length > 1 ? Math.min(Integer.parseInt(ends[1]) + 1, stored.bytes.length) : stored.bytes.length) - from;
            Headers headers = exchange.getResponseHeaders();
            headers.add("ETag", "\"" + stored.etag + "\"");
            stored.metadata.forEach((name, value) -> headers.add("x-amz-meta-" + name, value));
            if (range != null) {
                headers.add("Content-Range", "bytes " + from + "-" + (from + length - 1) + "/" + stored.bytes.length);
            }
            if (exchange.getRequestMethod().equals("HEAD")) {
                headers.add("Content-Length", Integer.toString(part == null ? length : stored.firstPartBytes));
                exchange.sendResponseHeaders(200, -1);
            } else {
                exchange.sendResponseHeaders(range == null ? 200 : 206, length == 0 ? -1 : length);
                exchange.getResponseBody().write(stored.bytes, from, length);
            }
        }
    }

    private static Map<String, String> metadata(HttpExchange exchange) {
        Map<String, String> metadata = new TreeMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith("x-amz-meta-")) {
                metadata.put(lower.substring("x-amz-meta-".length()), values.get(0));
            }
        });
        return metadata;
    }

    private static void error(HttpExchange exchange, int status, String code) throws IOException {
        byte[] text = ("<Error><Code>" + code + "</Code><Message></Message></Error>").getBytes(StandardCharsets.UTF_8);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, text.length);
            exchange.getResponseBody().write(text);
        }
    }

    private void xml(HttpExchange exchange, String text) throws IOException {
        if (unanswered.get()) {
            return;
        }
        byte[] bytes = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + text).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static String hex(byte[] hash) {
        return HexFormat.of().formatHex(hash);
    }

    private static byte[] md5(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
