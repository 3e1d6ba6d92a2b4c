// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** BTF in memory that no array holds, whose strings are read page by page. */
class MappedBtfTest {
    private static final long SEED = 20261127;

    /** So many that the strings take a dozen pages. */
    private static final int TYPES = 3000;

    private final List<String> names = new ArrayList<>();
    private final Btf inArray = build();
    private final Btf mapped = Btf.parse(direct(inArray.encode()));

    private Btf build() {
        Random random = new Random(SEED);
        BtfBuilder builder = new BtfBuilder();
        for (int i = 0; i < TYPES; i++) {
            StringBuilder name = new StringBuilder("n").append(i).append('_');
            // some are longer than a page, and than what is copied of the next one
            int length = i % 500 == 7 ? 9000 : random.nextInt(i % 100 == 3 ? 600 : 40);
            for (int c = 0; c < length; c++) {
                name.append((char) ('a' + random.nextInt(26)));
            }
            names.add(name.toString());
            builder.add(new BtfType.Typedef(name.toString(), 0));
        }
        builder.add(new BtfType.Typedef("n", 0));
        builder.add(new BtfType.Typedef(names.get(5) + "___old", 0));
        return builder.build(ByteOrder.nativeOrder());
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    @Test
    void decodesTheSameTypes() {
        assertThat(mapped.typeCount()).isEqualTo(TYPES + 3);
        for (int id = 0; id < mapped.typeCount(); id++) {
            assertThat(mapped.type(id)).isEqualTo(inArray.type(id));
        }
    }

    @Test
    void findsEveryNameFromTheFirstSearchOn() {
        for (int i = 0; i < TYPES; i++) {
            assertThat(mapped.find(names.get(i), BtfType.Typedef.class)).isEqualTo(i + 1);
        }
    }

    @Test
    void findsTheSameByTheFirstSearchesAndByLaterOnes() {
        for (int search = 0; search < 20; search++) {
            assertThat(mapped.candidates(names.get(5), BtfType.Typedef.class))
                    .containsExactly(6, TYPES + 2);
            assertThat(mapped.candidates("n", BtfType.Typedef.class)).containsExactly(TYPES + 1);
            assertThat(mapped.find("", BtfType.Typedef.class)).isEqualTo(-1);
            assertThat(mapped.find("n5", BtfType.Typedef.class)).isEqualTo(-1);
        }
    }

    @Test
    void readsNamesOfTheBaseFromSplitBtf() {
        BtfBuilder builder = BtfBuilder.split(mapped);
        builder.add(new BtfType.Struct(names.get(7), 0, List.of()));
        builder.add(new BtfType.Struct("only here", 0, List.of()));
        Btf split = Btf.parseSplit(builder.build(ByteOrder.nativeOrder()).encode(), mapped);
        for (int search = 0; search < 20; search++) {
            assertThat(split.candidates(names.get(7), BtfType.Struct.class))
                    .containsExactly(TYPES + 3);
            assertThat(split.find("only here", BtfType.Struct.class)).isEqualTo(TYPES + 4);
        }
        assertThat(split.type(TYPES + 3).name()).isEqualTo(names.get(7)).hasSizeGreaterThan(9000);
    }
}
