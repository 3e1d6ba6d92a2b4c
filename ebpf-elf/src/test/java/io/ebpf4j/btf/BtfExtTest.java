// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.ObjectFormatException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

class BtfExtTest {
    private final Btf btf = Fixture.LITTLE_ENDIAN.btf();
    private final BtfExt ext = BtfExt.parse(Fixture.LITTLE_ENDIAN.extension(), btf);

    @Test
    void namesTheFunctionsOfASection() {
        assertThat(ext.funcInfo()).containsOnlyKeys(".text", "kprobe/one", "tracepoint/two");
        assertThat(ext.funcInfo().get(".text"))
                .containsExactly(new FuncInfo(0, 5), new FuncInfo(9, 14));
        assertThat(btf.type(14).name()).isEqualTo("step");
        assertThat(ext.funcInfo().get("kprobe/one")).containsExactly(new FuncInfo(0, 11));
    }

    @Test
    void givesTheSourceOfALine() {
        LineInfo line = ext.lineInfo().get("tracepoint/two").get(0);

        assertThat(line.slot()).isZero();
        assertThat(btf.string(line.fileOffset())).isEqualTo("./btf_types.bpf.c");
        assertThat(btf.string(line.lineOffset())).contains("task->parent->pid");
        assertThat(line.line()).isEqualTo(Fixture.sourceLine("return task->parent->pid"));
    }

    @Test
    void listsRelocationsAsTheDisassemblerShowsThem() {
        assertThat(ext.coreRelocations().get(".text"))
                .containsExactly(
                        new CoreRelocation(13, 7, "0:0", CoreRelocation.Kind.FIELD_BYTE_OFFSET),
                        new CoreRelocation(16, 7, "0:2", CoreRelocation.Kind.FIELD_BYTE_OFFSET));
        assertThat(ext.coreRelocations().get("kprobe/one"))
                .containsExactly(
                        new CoreRelocation(3, 7, "0:2", CoreRelocation.Kind.FIELD_EXISTS),
                        new CoreRelocation(5, 7, "0", CoreRelocation.Kind.TYPE_EXISTS),
                        new CoreRelocation(7, 12, "1", CoreRelocation.Kind.ENUMVAL_VALUE));
    }

    @Test
    void readsBigEndianTables() {
        Btf bigBtf = Fixture.BIG_ENDIAN.btf();
        BtfExt big = BtfExt.parse(Fixture.BIG_ENDIAN.extension(), bigBtf);

        assertThat(big.funcInfo()).isEqualTo(ext.funcInfo());
        assertThat(big.coreRelocations()).isEqualTo(ext.coreRelocations());
        assertThat(big.lineInfo()).isEqualTo(ext.lineInfo());
    }

    @Test
    void tablesAreUnmodifiable() {
        assertThatThrownBy(() -> ext.funcInfo().clear())
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> ext.lineInfo().get(".text").clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 20, 48})
    void passesOverWhatLongerRecordsAdd(int recordSize) {
        BtfExt longer = BtfExt.parse(relocations(32, recordSize, 2, 8, 0), btf);

        assertThat(longer.coreRelocations().get(""))
                .containsExactly(
                        new CoreRelocation(1, 7, "", CoreRelocation.Kind.FIELD_BYTE_OFFSET),
                        new CoreRelocation(1, 7, "", CoreRelocation.Kind.FIELD_BYTE_OFFSET));
        assertThat(longer.funcInfo()).isEmpty();
        assertThat(longer.lineInfo()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {24, 28, 40})
    void readsHeadersOfAnyLength(int length) {
        BtfExt parsed = BtfExt.parse(relocations(length, 16, 1, 8, 0), btf);

        assertThat(parsed.coreRelocations()).hasSize(length < 32 ? 0 : 1);
    }

    @ParameterizedTest
    @CsvSource({
        "12, 1, 8, 0, at least 16",
        "18, 1, 8, 0, multiple of 4",
        "-4, 1, 8, 0, at least 16",
        "16, -1, 8, 0, are left",
        "16, 0x7fffffff, 8, 0, are left",
        "16, 1, 12, 0, multiple of 8",
        "16, 1, -8, 0, multiple of 8",
        "16, 1, 8, 13, unknown kind 13",
        "16, 1, 8, -1, unknown kind 4294967295"
    })
    void brokenRecordsSayWhatIsWrong(
            int recordSize, String count, int offset, int kind, String complaint) {
        byte[] bytes = relocations(32, 16, 1, offset, kind);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(32, recordSize).putInt(40, Integer.decode(count));

        assertThatThrownBy(() -> BtfExt.parse(bytes, btf))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("relocation")
                .hasMessageContaining(complaint);
    }

    @Test
    void stringsHaveToBeInTheTypes() {
        Btf empty = new BtfBuilder().build(ByteOrder.LITTLE_ENDIAN);

        assertThatThrownBy(() -> BtfExt.parse(Fixture.LITTLE_ENDIAN.extension(), empty))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("string");
    }

    /** Returns a section that has relocation records only, for a section with an empty name. */
    private static byte[] relocations(
            int headerLength, int recordSize, int count, int offset, int kind) {
        int length = 4 + 8 + recordSize * count;
        ByteBuffer out = ByteBuffer.allocate(headerLength + length).order(ByteOrder.LITTLE_ENDIAN);
        out.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(headerLength);
        if (headerLength >= 32) {
            out.putInt(24, 0).putInt(28, length);
        }
        out.position(headerLength).putInt(recordSize).putInt(0).putInt(count);
        for (int i = 0; i < count; i++) {
            int start = out.position();
            out.putInt(offset).putInt(7).putInt(0).putInt(kind).position(start + recordSize);
        }
        return out.array();
    }

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void joinsManyTablesOfOneSectionInLinearTime() {
        int tables = 200_000;
        ByteBuffer out = ByteBuffer.allocate(24 + 4 + tables * 16).order(ByteOrder.LITTLE_ENDIAN);
        out.putShort((short) 0xeb9f).putShort((short) 1).putInt(24);
        out.putInt(0).putInt(4 + tables * 16).putInt(0).putInt(0).putInt(8);
        for (int i = 0; i < tables; i++) {
            out.putInt(0).putInt(1).putInt(i * 8).putInt(0);
        }

        List<FuncInfo> joined = BtfExt.parse(out.array(), btf).funcInfo().get("");

        assertThat(joined).hasSize(tables).startsWith(new FuncInfo(0, 0), new FuncInfo(1, 0));
    }
}
