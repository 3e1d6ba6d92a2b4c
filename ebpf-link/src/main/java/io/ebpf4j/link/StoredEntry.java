// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.ObjectFormatException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A library that lies in a zip archive as it is, such as Android's loader maps from an APK (PKWARE
 * APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16).
 *
 * <pre>
 * local header:     u32 PK34 | ... | 26: u16 name bytes, u16 extra bytes | 30: name, extra, data
 * central header:   u32 PK12 | 8: u16 flags, u16 method | 20: u32 bytes stored, u32 bytes | 28: u16 name, u16 extra, u16 comment bytes | 42: u32 local header | 46: name, extra, comment
 * end of directory: u32 PK56 | 10: u16 entries, u32 bytes, u32 offset, u16 comment bytes
 * </pre>
 *
 * @param offset where its bytes begin in the archive
 * @param size bytes
 */
record StoredEntry(long offset, long size) {
    private static final int LOCAL = 0x0403_4b50;
    private static final int CENTRAL = 0x0201_4b50;
    private static final int END = 0x0605_4b50;
    private static final int LOCAL_BYTES = 30;
    private static final int CENTRAL_BYTES = 46;
    private static final int END_BYTES = 22;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int SMALLEST_PAGE = 4096;
    private static final long ZIP64 = 0xffff_ffffL;

    /**
     * Finds an entry.
     *
     * @throws BpfException if the archive cannot be read, has no such entry, or the entry is
     *     compressed or does not begin with a page, so that no loader can map it
     * @throws ObjectFormatException if the file is no zip archive or damaged
     */
    static StoredEntry find(Path archive, String name) {
        try (FileChannel channel = FileChannel.open(archive, StandardOpenOption.READ)) {
            return new Search(channel, archive, name).find();
        } catch (IOException e) {
            throw BpfException.unreadable("cannot read " + archive, e);
        }
    }

    /** Reads the entry's bytes. */
    byte[] read(Path archive) {
        try (FileChannel channel = FileChannel.open(archive, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(size));
            readFully(channel, offset, bytes);
            return bytes.array();
        } catch (IOException e) {
            throw BpfException.unreadable("cannot read " + archive, e);
        }
    }

    private static void readFully(FileChannel channel, long from, ByteBuffer to)
            throws IOException {
        while (to.hasRemaining()) {
            if (channel.read(to, from + to.position()) < 0) {
                throw new IOException("the file ended while it was read");
            }
        }
    }

    /** One search of one archive. */
    private static final class Search {
        private final FileChannel channel;
        private final Path archive;
        private final byte[] name;
        private final String shown;

        Search(FileChannel channel, Path archive, String name) {
            this.channel = channel;
            this.archive = archive;
            this.name = name.getBytes(StandardCharsets.UTF_8);
            this.shown = name;
        }

        StoredEntry find() throws IOException {
            ByteBuffer directory = directory();
            int at = 0;
            while (directory.limit() - at >= CENTRAL_BYTES && directory.getInt(at) == CENTRAL) {
                int length = u16(directory, at + 28);
                int next =
                        at
                                + CENTRAL_BYTES
                                + length
                                + u16(directory, at + 30)
                                + u16(directory, at + 32);
                if (next > directory.limit()) {
                    throw damaged("an entry leaves its directory");
                }
                if (isName(directory, at + CENTRAL_BYTES, length)) {
                    return entry(directory, at);
                }
                at = next;
            }
            throw new BpfException(archive + " has no entry " + shown);
        }

        private boolean isName(ByteBuffer directory, int at, int length) {
            if (length != name.length) {
                return false;
            }
            for (int i = 0; i < length; i++) {
                if (directory.get(at + i) != name[i]) {
                    return false;
                }
            }
            return true;
        }

        private ByteBuffer directory() throws IOException {
            long size = channel.size();
            int tail = (int) Math.min(size, END_BYTES + LONGEST_COMMENT);
            ByteBuffer last = read(size - tail, tail);
            for (int at = tail - END_BYTES; at >= 0; at--) {
                if (last.getInt(at) == END && at + END_BYTES + u16(last, at + 20) == tail) {
                    long bytes = u32(last, at + 12);
                    long offset = u32(last, at + 16);
                    if (bytes == ZIP64 || offset == ZIP64) {
                        throw new BpfException(
                                archive + " is a zip64 archive, from which no loader maps");
                    }
                    return read(offset, bytes);
                }
            }
            throw damaged("it has no directory, as zip archives have");
        }

        private StoredEntry entry(ByteBuffer directory, int at) throws IOException {
            long bytes = u32(directory, at + 24);
            int method = u16(directory, at + 10);
            boolean encrypted = (u16(directory, at + 8) & 1) != 0;
            if (method != 0 || encrypted) {
                throw new BpfException(
                        shown
                                + " is "
                                + (encrypted ? "encrypted" : "compressed")
                                + " in "
                                + archive
                                + "; only what is stored as it is can be mapped and probed");
            }
            long header = u32(directory, at + 42);
            ByteBuffer local = read(header, LOCAL_BYTES);
            if (local.getInt(0) != LOCAL) {
                throw damaged("entry " + shown + " has no header where the directory says");
            }
            long offset = header + LOCAL_BYTES + u16(local, 26) + u16(local, 28);
            if (offset % SMALLEST_PAGE != 0) {
                throw new BpfException(
                        shown
                                + " begins at offset 0x"
                                + Long.toHexString(offset)
                                + " of "
                                + archive
                                + ", not at a page; no loader can map it (zipalign -p)");
            }
            if (bytes > Integer.MAX_VALUE || bytes > channel.size() - offset) {
                throw damaged("entry " + shown + " of " + bytes + " bytes leaves the file");
            }
            return new StoredEntry(offset, bytes);
        }

        private ByteBuffer read(long from, long bytes) throws IOException {
            if (from < 0 || bytes > Integer.MAX_VALUE || from > channel.size() - bytes) {
                throw damaged("its directory leaves the file");
            }
            ByteBuffer buffer = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
            readFully(channel, from, buffer);
            return buffer.flip();
        }

        private static int u16(ByteBuffer buffer, int at) {
            return buffer.getShort(at) & 0xffff;
        }

        private static long u32(ByteBuffer buffer, int at) {
            return Integer.toUnsignedLong(buffer.getInt(at));
        }

        private ObjectFormatException damaged(String what) {
            return new ObjectFormatException(archive + ": " + what);
        }
    }
}
