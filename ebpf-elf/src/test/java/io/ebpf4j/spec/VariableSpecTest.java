// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.ObjectFormatException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

class VariableSpecTest {

    @ParameterizedTest
    @EnumSource(names = {"DATA", "DATA_BIG"})
    void writesIntegersInTheByteOrderOfTheObject(TestObject object) {
        CollectionSpec spec = object.parse();

        spec.variable("target_pid").set(0xfedc_ba98L);
        spec.variable("delta").set(-2);
        spec.variable("wide").set(Long.MIN_VALUE + 1);

        assertThat(value(spec, "target_pid").getInt()).isEqualTo(0xfedc_ba98);
        assertThat(value(spec, "delta").getShort()).isEqualTo((short) -2);
        assertThat(value(spec, "wide").getLong()).isEqualTo(Long.MIN_VALUE + 1);
        assertThat(value(spec, "name").get(0)).isEqualTo((byte) 'e');
    }

    @ParameterizedTest
    @CsvSource({
        "initialised, -2147483648, 2147483647",
        "target_pid, 0, 4294967295",
        "small, 0, 255",
        "delta, -32768, 32767",
        "flag, 0, 1",
        "colour, -2147483648, 4294967295"
    })
    void acceptsWhatTheTypeHoldsAndNothingElse(String name, long lowest, long highest) {
        VariableSpec variable = TestObject.DATA.parse().variable(name);

        variable.set(lowest);
        variable.set(highest);
        byte[] kept = variable.bytes();

        assertThatThrownBy(() -> variable.set(lowest - 1))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(Long.toString(lowest));
        assertThatThrownBy(() -> variable.set(highest + 1)).isInstanceOf(BpfException.class);
        assertThat(variable.bytes()).isEqualTo(kept);
    }

    @ParameterizedTest
    @EnumSource(names = {"DATA", "DATA_BIG"})
    void writesBooleans(TestObject object) {
        CollectionSpec spec = object.parse();

        spec.variable("flag").set(false);
        spec.variable("initialised").set(true);

        assertThat(value(spec, "flag").get()).isZero();
        assertThat(value(spec, "initialised").getInt()).isOne();
    }

    @ParameterizedTest
    @EnumSource(names = {"DATA", "DATA_BIG"})
    void writesTextFollowedByZeros(TestObject object) {
        VariableSpec name = object.parse().variable("name");

        name.set("a longer text ä".substring(1, 14));
        name.set("é");

        assertThat(new String(name.bytes(), StandardCharsets.UTF_8))
                .isEqualTo("é" + "\0".repeat(14));
        assertThatThrownBy(() -> name.set("sixteen letters!"))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("holds 15");
    }

    @ParameterizedTest
    @EnumSource(names = {"DATA", "DATA_BIG"})
    void writesBytesOfTheExactSize(TestObject object) {
        CollectionSpec spec = object.parse();
        VariableSpec points = spec.variable("points");
        byte[] value = new byte[24];
        value[23] = 1;

        points.set(value);

        assertThat(points.bytes()).isEqualTo(value);
        assertThat(value(spec, "replaceable").getInt()).isEqualTo(9);
        assertThatThrownBy(() -> points.set(new byte[25])).isInstanceOf(BpfException.class);
        assertThatThrownBy(() -> points.set(new byte[23])).isInstanceOf(BpfException.class);
    }

    @ParameterizedTest
    @CsvSource({"points", "table", "name"})
    void refusesNumbersForWhatIsNone(String name) {
        VariableSpec variable = TestObject.DATA.parse().variable(name);

        assertThatThrownBy(() -> variable.set(1))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining(name);
    }

    @ParameterizedTest
    @CsvSource({"initialised", "points", "table"})
    void refusesTextForWhatIsNoArrayOfCharacters(String name) {
        VariableSpec variable = TestObject.DATA.parse().variable(name);

        assertThatThrownBy(() -> variable.set("1"))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining(name);
    }

    private static ByteBuffer value(CollectionSpec spec, String variable) {
        return ByteBuffer.wrap(spec.variable(variable).bytes()).order(spec.order());
    }

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void refusesATypeThatIsATypedefOfItself() {
        BtfBuilder types = new BtfBuilder();
        int typedef = types.add(new BtfType.Typedef("t", 1));
        VariableSpec variable =
                new VariableSpec(
                        "endless",
                        MapSpec.internal(".data", "data", 4),
                        0,
                        4,
                        typedef,
                        FunctionSpec.Linkage.GLOBAL,
                        types.build(ByteOrder.LITTLE_ENDIAN),
                        ByteOrder.LITTLE_ENDIAN);

        assertThatThrownBy(() -> variable.set(1)).isInstanceOf(ObjectFormatException.class);
        assertThatThrownBy(() -> variable.set("x")).isInstanceOf(ObjectFormatException.class);
    }
}
