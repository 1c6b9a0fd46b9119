package org.expertgrid.checkpoints.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.expertgrid.experts.errors.BadFileException;

/**
 * Reads the header of one safetensors file, and checks every rule of the format.
 *
 * <pre>
 *   8 bytes    N, the length of the header, little-endian
 *   N bytes    {"name": {"dtype": "BF16", "shape": [64, 40], "data_offsets": [0, 5120]}, ...}, UTF-8, spaces at the end
 *   the rest   the elements; data_offsets count from here and leave no gap, no overlap and nothing at the end
 * </pre>
 *
 * The text is parsed as it is read, so a header costs memory for the tensors that it names, not for the length that it claims.
 *
 * <p>For one thread and one file. Source: the format's description in {@code huggingface/safetensors}, README.md and tensor.rs.
 */
final class HeaderReader {
    private static final int PREFIX_BYTES = Long.BYTES;
    private static final long LONGEST_HEADER = 100_000_000;
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final FileVersion file;
    private final long headerBytes;
    private final long dataBytes;

    /** Where the elements of a tensor are said to be. */
    private record Offsets(long begin, long end) {}

    /** One entry of the header; a part that is missing is null. */
    private record Entry(String name, TensorType type, List<Long> shape, Offsets offsets) {}

    private HeaderReader(FileVersion file, long headerBytes) {
        this.file = file;
        this.headerBytes = headerBytes;
        this.dataBytes = file.size() - PREFIX_BYTES - headerBytes;
    }

    /**
     * Returns the tensors of a file, in the order of their elements.
     *
     * @throws BadFileException if the file breaks a rule of the format
     */
    static List<Tensor> read(FileVersion file, FileChannel channel) throws IOException {
        HeaderReader reader = new HeaderReader(file, headerBytes(file, channel));
        return reader.tensors(reader.entries(channel));
    }

    private static long headerBytes(FileVersion file, FileChannel channel) throws IOException {
        ByteBuffer prefix = ByteBuffer.allocate(PREFIX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (prefix.hasRemaining()) {
            if (channel.read(prefix, prefix.position()) < 0) {
                throw BadFileException.expected(
                        file.path(), "size", prefix.position() + " bytes", "at least the 8 of the header's length");
            }
        }
        long length = prefix.getLong(0);
        if (length < 0 || length > LONGEST_HEADER) {
            throw BadFileException.expected(
                    file.path(), "header length", Long.toUnsignedString(length), "at most " + LONGEST_HEADER);
        }
        if (length > file.size() - PREFIX_BYTES) {
            throw BadFileException.expected(
                    file.path(),
                    "header length",
                    length,
                    "at most the " + (file.size() - PREFIX_BYTES) + " bytes that follow it");
        }
        return length;
    }

    private List<Entry> entries(FileChannel channel) throws IOException {
        ByteBuffer first = ByteBuffer.allocate(1);
        if (headerBytes == 0 || channel.read(first, PREFIX_BYTES) < 1 || first.get(0) != '{') {
            throw problem(
                    "header", headerBytes == 0 ? "empty" : "begins otherwise", "a JSON object, beginning with '{'");
        }
        channel.position(PREFIX_BYTES);
        Reader text = new InputStreamReader(
                new Beginning(Channels.newInputStream(channel), headerBytes), StandardCharsets.UTF_8.newDecoder());
        try (JsonParser parser = JSON.createParser(text)) {
            List<Entry> entries = new ArrayList<>();
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("__metadata__")) {
                    checkMetadata(parser);
                } else {
                    entries.add(entry(name, parser));
                }
            }
            if (parser.nextToken() != null) {
                throw problem("header", "more text after the JSON object", "spaces at most");
            }
            return entries;
        } catch (JsonProcessingException e) {
            throw new BadFileException(
                    file.path() + ": header: not valid JSON: " + BadFileException.excerpt(e.getOriginalMessage()), e);
        } catch (CharacterCodingException e) {
            throw new BadFileException(file.path() + ": header: not valid UTF-8", e);
        }
    }

    private void checkMetadata(JsonParser parser) throws IOException {
        expect(parser.currentToken() == JsonToken.START_OBJECT, "__metadata__", parser, "an object of strings");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            expect(parser.nextToken() == JsonToken.VALUE_STRING, "__metadata__." + name, parser, "a string");
        }
    }

    private Entry entry(String name, JsonParser parser) throws IOException {
        expect(
                parser.currentToken() == JsonToken.START_OBJECT,
                "tensor " + name,
                parser,
                "an object that has dtype, shape and data_offsets");
        TensorType type = null;
        List<Long> shape = null;
        Offsets offsets = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            String place = "tensor " + name + ": " + field;
            parser.nextToken();
            switch (field) {
                case "dtype" -> type = type(place, parser);
                case "shape" -> shape = numbers(place, parser);
                case "data_offsets" -> offsets = offsets(place, numbers(place, parser));
                default -> parser.skipChildren();
            }
        }
        return new Entry(name, type, shape, offsets);
    }

    private TensorType type(String place, JsonParser parser) throws IOException {
        expect(parser.currentToken() == JsonToken.VALUE_STRING, place, parser, "a string");
        Optional<TensorType> type = TensorType.named(parser.getText());
        expect(type.isPresent(), place, parser, "one of " + List.of(TensorType.values()));
        return type.get();
    }

    private List<Long> numbers(String place, JsonParser parser) throws IOException {
        expect(parser.currentToken() == JsonToken.START_ARRAY, place, parser, "a list of integers");
        List<Long> numbers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(
                    parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                            && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                            && parser.getLongValue() >= 0,
                    place,
                    parser,
                    "integers from 0 to " + Long.MAX_VALUE);
            numbers.add(parser.getLongValue());
        }
        return List.copyOf(numbers);
    }

    private Offsets offsets(String place, List<Long> numbers) {
        if (numbers.size() != 2 || numbers.get(0) > numbers.get(1)) {
            throw problem(place, numbers, "[begin, end] with begin <= end");
        }
        return new Offsets(numbers.get(0), numbers.get(1));
    }

    /** Checks the entries against each other and against the length of the file. */
    private List<Tensor> tensors(List<Entry> entries) {
        entries.forEach(this::checkShape);
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparingLong((Entry entry) -> entry.offsets().begin())
                .thenComparingLong(entry -> entry.offsets().end()));
        List<Tensor> tensors = new ArrayList<>();
        long end = 0;
        for (Entry entry : sorted) {
            Offsets offsets = entry.offsets();
            if (offsets.begin() != end) {
                throw problem(
                        "tensor " + entry.name() + ": data_offsets",
                        List.of(offsets.begin(), offsets.end()),
                        "to begin at " + end + ", where the tensor before ends");
            }
            end = offsets.end();
            tensors.add(new Tensor(
                    file,
                    entry.name(),
                    entry.type(),
                    entry.shape(),
                    PREFIX_BYTES + headerBytes + offsets.begin(),
                    offsets.end() - offsets.begin()));
        }
        if (end != dataBytes) {
            throw problem("size", dataBytes + " bytes after the header", end + ", where the last tensor ends");
        }
        return tensors;
    }

    private void checkShape(Entry entry) {
        String name = "tensor " + entry.name();
        if (entry.type() == null || entry.shape() == null || entry.offsets() == null) {
            throw problem(name, "a field is missing", "dtype, shape and data_offsets");
        }
        long bytes = entry.type().bytes();
        try {
            for (long size : entry.shape()) {
                bytes = Math.multiplyExact(bytes, size);
            }
        } catch (ArithmeticException e) {
            throw problem(name + ": shape", entry.shape(), "at most " + Long.MAX_VALUE + " bytes");
        }
        Offsets offsets = entry.offsets();
        if (bytes != offsets.end() - offsets.begin()) {
            throw problem(
                    name + ": data_offsets",
                    List.of(offsets.begin(), offsets.end()),
                    bytes + " bytes, as " + entry.type() + " " + entry.shape() + " has");
        }
    }

    private void expect(boolean holds, String name, JsonParser parser, String expectation) throws IOException {
        if (!holds) {
            throw problem(name, found(parser), expectation);
        }
    }

    private static String found(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_ARRAY) {
            return "a list";
        }
        return token == JsonToken.START_OBJECT ? "an object" : parser.getText();
    }

    private BadFileException problem(String name, Object found, String expectation) {
        return BadFileException.expected(file.path(), name, found, expectation);
    }

    /** The first bytes of a stream. */
    private static final class Beginning extends FilterInputStream {
        private long left;

        Beginning(InputStream stream, long bytes) {
            super(stream);
            this.left = bytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0 && length > 0) {
                return -1;
            }
            int read = super.read(target, offset, (int) Math.min(length, left));
            left -= Math.max(0, read);
            return read;
        }
    }
}
