// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.SystemCalls;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the kernel says about links of many probes, in the two answers that it takes. */
class MultiInfoReaderTest {
    private static final int FD = 77;
    private static final long PATH_ROOM = 4096;

    /** A kernel that has one link, and tells of it as {@code bpf_link_get_info_by_fd} does. */
    private abstract static class OneLink {
        private final LinkType type;
        private int asked;
        private int failing;

        OneLink(LinkType type) {
            this.type = type;
        }

        /** Writes the numbers, and the lists if there is room for them. */
        abstract void describe(ByteBuffer info);

        LinkInfo read() {
            SystemCalls calls =
                    (SystemCalls)
                            Proxy.newProxyInstance(
                                    OneLink.class.getClassLoader(),
                                    new Class<?>[] {SystemCalls.class},
                                    (proxy, method, arguments) -> answer(method, arguments));
            return LinkInfoReader.read(Kernel.of(calls), FD, "the link");
        }

        @SuppressWarnings("EnumOrdinal") // declared in the kernel's order
        private long answer(Method method, Object[] arguments) {
            assertThat(method.getName()).isEqualTo("bpf");
            assertThat(arguments[0]).isEqualTo(BpfCommand.OBJ_GET_INFO_BY_FD.number());
            MemorySegment attr = (MemorySegment) arguments[1];
            assertThat(attr.get(ValueLayout.JAVA_INT, 0)).isEqualTo(FD);
            if (++asked == failing) {
                return -Errno.ENOMEM;
            }
            long size = attr.get(ValueLayout.JAVA_INT, 4);
            ByteBuffer info =
                    at(attr.get(ValueLayout.JAVA_LONG, 8), size)
                            .asByteBuffer()
                            .order(ByteOrder.nativeOrder());
            info.putInt(0, type.ordinal()).putInt(4, 5).putInt(8, 6);
            describe(info);
            return 0;
        }

        @SuppressWarnings("restricted")
        static MemorySegment at(long address, long size) {
            return MemorySegment.ofAddress(address).reinterpret(size);
        }

        static void list(long address, long... values) {
            if (address != 0) {
                at(address, 8L * values.length).copyFrom(MemorySegment.ofArray(values));
            }
        }
    }

    private static OneLink kprobes(long[] addresses, long[] cookies, int flags) {
        return new OneLink(LinkType.KPROBE_MULTI) {
            @Override
            void describe(ByteBuffer info) {
                list(info.getLong(16), addresses);
                list(info.getLong(40), cookies);
                info.putInt(24, addresses.length).putInt(28, flags).putLong(32, 9);
            }
        };
    }

    private static OneLink uprobes(String path, long[] offsets, long[] counters, long[] cookies) {
        return new OneLink(LinkType.UPROBE_MULTI) {
            @Override
            void describe(ByteBuffer info) {
                if (info.getLong(16) != 0) {
                    assertThat(info.getInt(48)).isEqualTo((int) PATH_ROOM);
                    byte[] text = (path + "\0").getBytes(StandardCharsets.UTF_8);
                    at(info.getLong(16), text.length).copyFrom(MemorySegment.ofArray(text));
                }
                list(info.getLong(24), offsets);
                list(info.getLong(32), counters);
                list(info.getLong(40), cookies);
                info.putInt(52, offsets.length).putInt(56, 1).putInt(60, 1234);
            }
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void kprobesHaveAddressesAndCookies(int flags) {
        OneLink link = kprobes(new long[] {-4096, 32, 33}, new long[] {1, 0, -1}, flags);
        assertThat(link.read())
                .isEqualTo(
                        new LinkInfo(
                                LinkType.KPROBE_MULTI,
                                5,
                                6,
                                new LinkInfo.KprobeMulti(
                                        List.of(-4096L, 32L, 33L),
                                        List.of(1L, 0L, -1L),
                                        9,
                                        flags == 1)));
        assertThat(link.asked).isEqualTo(2);
    }

    @Test
    void uprobesHaveAFileAndPlacesInIt() {
        OneLink link =
                uprobes("/usr/lib/libé.so", new long[] {16, 32}, new long[] {0, 8}, new long[2]);
        assertThat(link.read().detail())
                .isEqualTo(
                        new LinkInfo.UprobeMulti(
                                "/usr/lib/libé.so",
                                List.of(16L, 32L),
                                List.of(0L, 8L),
                                List.of(0L, 0L),
                                1234,
                                true));
    }

    @Test
    void kernelsThatTellOfNoProbesAreNotAskedForAny() {
        long[] none = {};
        for (OneLink link : List.of(kprobes(none, none, 0), uprobes("", none, none, none))) {
            assertThat(link.read().detail()).isEqualTo(new LinkInfo.None());
            assertThat(link.asked).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aRefusalIsTold(int nth) {
        long[] one = {1};
        for (OneLink link : List.of(kprobes(one, one, 0), uprobes("", one, one, one))) {
            link.failing = nth;
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(link::read)
                    .withMessageContaining("cannot read what the kernel knows about the link")
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENOMEM));
        }
    }
}
