// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.asm.Instructions;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.RelocationException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.ExternSpec;
import io.ebpf4j.sys.BpfCommand;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** How the kernel's configuration reaches the map {@code .kconfig}. */
class KconfigTest {
    private static final String CONFIGURATION =
            """
            CONFIG_BOOL=y
            CONFIG_TRISTATE=m
            CONFIG_CHAR=n
            CONFIG_S16=-32768
            CONFIG_U16=0xffff
            CONFIG_S32=010
            CONFIG_U64=18446744073709551615
            CONFIG_TEXT="text"
            # CONFIG_WEAK is not set
            """;

    private final TestKernel kernel = new TestKernel("6.12");

    private static CollectionSpec spec(String program) {
        return ExternsTest.spec(program);
    }

    /** Returns what the loaded map holds for one extern. */
    private byte[] loaded(Collection c, String extern) {
        ExternSpec place = spec("config").externs().get(extern);
        int bytes = spec("config").map(Kconfig.MAP).valueSize();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocate(4);
            MemorySegment value = arena.allocate(bytes, 8);
            int fd = c.map(Kconfig.MAP).descriptor().fd();
            assertThat(
                            Kernel.of(kernel.fake)
                                    .bpf()
                                    .mapLookup(fd, key.address(), value.address(), 0))
                    .isZero();
            byte[] all = value.toArray(ValueLayout.JAVA_BYTE);
            return Arrays.copyOfRange(all, place.offset(), place.offset() + place.size());
        }
    }

    private long number(Collection c, String extern) {
        byte[] bytes = loaded(c, extern);
        ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        return switch (bytes.length) {
            case 1 -> b.get();
            case 2 -> b.getShort();
            case 4 -> b.getInt();
            default -> b.getLong();
        };
    }

    @Test
    void writesEachValueInItsForm() {
        kernel.fake.file("/boot/config-6.12.0-fake", CONFIGURATION);
        try (Collection c = kernel.load(spec("config"))) {
            assertThat(number(c, "CONFIG_BOOL")).isEqualTo(1);
            assertThat(number(c, "CONFIG_TRISTATE")).isEqualTo(2);
            assertThat(number(c, "CONFIG_CHAR")).isEqualTo('n');
            assertThat(number(c, "CONFIG_S16")).isEqualTo(Short.MIN_VALUE);
            assertThat(number(c, "CONFIG_U16")).isEqualTo(-1);
            assertThat(number(c, "CONFIG_S32")).isEqualTo(8);
            assertThat(number(c, "CONFIG_U64")).isEqualTo(-1);
            assertThat(loaded(c, "CONFIG_TEXT"))
                    .isEqualTo("text\0\0\0\0".getBytes(StandardCharsets.UTF_8));
            assertThat(kernel.fake.calls(BpfCommand.MAP_FREEZE)).hasSize(1);
        }
        assertThat(kernel.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "CONFIG_BOOL=n, CONFIG_BOOL, 0",
        "CONFIG_BOOL=1, CONFIG_BOOL, 1",
        "CONFIG_TRISTATE=y, CONFIG_TRISTATE, 1",
        "CONFIG_TRISTATE=n, CONFIG_TRISTATE, 0",
        "CONFIG_CHAR=m, CONFIG_CHAR, 109",
        "CONFIG_CHAR=127, CONFIG_CHAR, 127",
        "CONFIG_S16=32767, CONFIG_S16, 32767",
        "CONFIG_S32=-2147483648, CONFIG_S32, -2147483648",
        "CONFIG_U64=0x8000000000000000, CONFIG_U64, -9223372036854775808"
    })
    void prefersWhatTheUserGives(String given, String extern, long value) {
        kernel.fake.file("/proc/config.gz", CONFIGURATION);
        kernel.kconfig(given + "\n" + given.substring(0, given.indexOf('=')) + "=second");
        try (Collection c = kernel.load(spec("config"))) {
            assertThat(number(c, extern)).isEqualTo(value);
        }
    }

    @Test
    void cutsTextThatDoesNotFit() {
        kernel.kconfig("CONFIG_TEXT=\"eight ch\"\n" + CONFIGURATION);
        try (Collection c = kernel.load(spec("config"))) {
            assertThat(loaded(c, "CONFIG_TEXT"))
                    .isEqualTo("eight c\0".getBytes(StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CONFIG_BOOL=m, enum libbpf_tristate or char",
        "CONFIG_BOOL=2, does not fit bool",
        "CONFIG_TRISTATE=1, declare it as an integer",
        "CONFIG_S32=y, 'bool, enum libbpf_tristate or char'",
        "CONFIG_CHAR=128, does not fit one byte",
        "CONFIG_S16=32768, does not fit an integer of 2 bytes",
        "CONFIG_U16=65536, does not fit an integer of 2 bytes",
        "CONFIG_U16=-1, does not fit an integer of 2 bytes",
        "CONFIG_S32=0x80000000, does not fit an integer of 4 bytes",
        "CONFIG_S32=12x, nor a number",
        "CONFIG_TEXT=12, declare it as an integer",
        "CONFIG_TEXT=y, 'bool, enum libbpf_tristate or char'"
    })
    void refusesAValueThatIsNotForTheDeclaredType(String given, String words) {
        kernel.kconfig(given + "\n" + CONFIGURATION);
        String option = given.substring(0, given.indexOf('='));
        assertThatThrownBy(() -> kernel.load(spec("config")))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("\"" + option + "\"")
                .hasMessageContaining(words)
                .hasMessageContaining("of given text");
        assertThat(kernel.made()).isZero();
    }

    @Test
    void refusesTextForANumberAndTextWithoutEnd() {
        kernel.kconfig("CONFIG_S32=\"x\"\n" + CONFIGURATION);
        assertThatThrownBy(() -> kernel.load(spec("config")))
                .isInstanceOf(RelocationException.class)
                .hasMessageContaining("an array of char");
        kernel.kconfig("CONFIG_TEXT=\"x\n" + CONFIGURATION);
        assertThatThrownBy(() -> kernel.load(spec("config")))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("no closing quote");
    }

    @Test
    void namesAnOptionThatIsNotSetAndWhereItWasLookedFor() {
        kernel.fake.file("/proc/config.gz", CONFIGURATION.replace("CONFIG_S32", "CONFIG_OTHER"));
        assertThatThrownBy(() -> kernel.load(spec("config")))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("\"CONFIG_S32\": it is not set in /proc/config.gz")
                .hasMessageContaining("kconfig(\"CONFIG_S32=");
        assertThatThrownBy(() -> new TestKernel("6.12").load(spec("config")))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("neither in /proc/config.gz nor in /boot/config-RELEASE");
        assertThat(kernel.fake.calls(BpfCommand.MAP_CREATE)).isEmpty();
    }

    @Test
    void whatIsWeakAndNotSetIsZero() {
        try (Collection c = kernel.load(spec("weak_config"))) {
            assertThat(number(c, "CONFIG_WEAK")).isZero();
            assertThat(number(c, "LINUX_WEAK")).isZero();
        }
    }

    @Test
    void describesTheKernelByVirtualValues() {
        kernel.fake.file("/proc/kallsyms", "ffffffff81000000 T __x64_sys_bpf\n");
        try (Collection c = kernel.load(spec("virtual_config"))) {
            assertThat(number(c, "LINUX_KERNEL_VERSION")).isEqualTo(6 << 16 | 12 << 8);
            assertThat(number(c, "LINUX_HAS_SYSCALL_WRAPPER"))
                    .isEqualTo("amd64".equals(System.getProperty("os.arch")) ? 1 : 0);
            assertThat(number(c, "LINUX_HAS_BPF_COOKIE")).isEqualTo(1);
        }
        TestKernel old = new TestKernel("5.10");
        try (Collection c = old.load(spec("virtual_config"))) {
            assertThat(c.programs()).containsOnlyKeys("virtual_config");
        }
        assertThat(old.fake.leftOpen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"unknown_virtual, LINUX_STRONG", "unknown_family, OTHER_WEAK"})
    void refusesNamesThatMeanNothing(String program, String extern) {
        assertThatThrownBy(() -> kernel.load(spec(program)))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("\"" + extern + "\"")
                .hasMessageContaining("begins with CONFIG_");
    }

    @Test
    void pointsInstructionsAtTheirValues() {
        kernel.kconfig(CONFIGURATION);
        CollectionSpec spec = spec("config");
        try (Collection c = kernel.load(spec)) {
            Instructions code = kernel.programs.get(c.program("config").fd());
            int fd = c.map(Kconfig.MAP).descriptor().fd();
            spec.program("config")
                    .function()
                    .instructions()
                    .references()
                    .forEach(
                            r -> {
                                String name = ((io.ebpf4j.asm.Reference.Extern) r).name();
                                assertThat(code.src(r.slot())).isEqualTo(2);
                                assertThat(code.imm(r.slot())).isEqualTo(fd);
                                assertThat(code.imm(r.slot() + 1))
                                        .isEqualTo(spec.externs().get(name).offset());
                            });
        }
    }
}
