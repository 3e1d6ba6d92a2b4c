// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.RelocationException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Feature;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.KernelConfig;
import io.ebpf4j.kernel.Support;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.ExternSpec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Writes the kernel's configuration into the map {@code .kconfig}, each value in the form its
 * declaration asks for.
 *
 * <pre>
 *   in .config       may be declared as
 *   y n m            bool (not m), enum libbpf_tristate, one byte (the letter)
 *   a number         any integer it fits, bool if it is 0 or 1
 *   "text"           array of char; what does not fit before the final 0 is cut off
 * </pre>
 */
final class Kconfig {

    /** Name of the map that holds the values. */
    static final String MAP = ".kconfig";

    private static final String OPTION = "CONFIG_";
    private static final String VIRTUAL = "LINUX_";

    /** Values of {@code enum libbpf_tristate}, which libbpf's bpf_helpers.h declares. */
    private static final String TRISTATE = "nym";

    private final CollectionSpec spec;
    private final Kernel kernel;
    private final KernelConfig given;
    private final ByteBuffer bytes;

    /** What a value is declared as. */
    private enum Form {
        BOOL("bool"),
        TRISTATE("enum libbpf_tristate"),
        CHARACTER("one byte"),
        INTEGER("an integer"),
        STRING("an array of char");

        private final String text;

        Form(String text) {
            this.text = text;
        }
    }

    Kconfig(CollectionSpec spec, LoadOptions options) {
        this.spec = spec;
        this.kernel = options.kernel();
        this.given = options.kconfig();
        this.bytes = ByteBuffer.wrap(spec.map(MAP).contents()).order(spec.order());
    }

    /** Looks a value up and writes it; a weak one that is not set stays 0. */
    void resolve(ExternSpec extern) {
        String name = extern.name();
        if (!name.startsWith(OPTION)) {
            putNumber(extern, virtual(extern), name);
            return;
        }
        Optional<String> text = given.value(name);
        if (text.isPresent()) {
            put(extern, text.get(), given.source());
            return;
        }
        KernelConfig running = kernel.config();
        text = running.value(name);
        if (text.isPresent()) {
            put(extern, text.get(), running.source());
        } else if (!extern.weak()) {
            throw missing(extern, running);
        }
    }

    private UnsupportedException missing(ExternSpec extern, KernelConfig running) {
        String why =
                running.source().isEmpty()
                        ? "the kernel's configuration is neither in /proc/config.gz nor in"
                                + " /boot/config-RELEASE"
                        : "it is not set in " + running.source();
        return new UnsupportedException(
                where(extern) + why,
                "",
                "give it with LoadOptions.builder().kconfig(\""
                        + extern.name()
                        + "=…\"), or declare it __weak, which makes it 0");
    }

    private long virtual(ExternSpec extern) {
        return switch (extern.name()) {
            case "LINUX_KERNEL_VERSION" -> kernel.version().code();
            case "LINUX_HAS_BPF_COOKIE" -> supports(Feature.BPF_COOKIE);
            case "LINUX_HAS_SYSCALL_WRAPPER" -> supports(Feature.SYSCALL_WRAPPER);
            default -> unknown(extern);
        };
    }

    /** Newer loaders may know more names; an object that copes without one declares it weak. */
    private long unknown(ExternSpec extern) {
        if (extern.weak() && extern.name().startsWith(VIRTUAL)) {
            return 0;
        }
        throw new UnsupportedException(
                where(extern)
                        + "it is no option of the kernel's configuration, nor one of"
                        + " LINUX_KERNEL_VERSION, LINUX_HAS_BPF_COOKIE and"
                        + " LINUX_HAS_SYSCALL_WRAPPER",
                "",
                "an option's name begins with CONFIG_");
    }

    private int supports(Feature feature) {
        return kernel.supports(feature) == Support.YES ? 1 : 0;
    }

    private void put(ExternSpec extern, String value, String source) {
        String what = "the value " + value + " of " + source;
        if (value.length() == 1 && TRISTATE.contains(value)) {
            putTristate(extern, value.charAt(0), what);
        } else if (value.startsWith("\"")) {
            putString(extern, value, what);
        } else {
            putNumber(extern, number(extern, value, what), what);
        }
    }

    private void putTristate(ExternSpec extern, char value, String what) {
        Form form = form(extern);
        if (form == Form.CHARACTER) {
            bytes.put(extern.offset(), (byte) value);
        } else if (form == Form.TRISTATE) {
            putInteger(extern, TRISTATE.indexOf(value));
        } else if (form == Form.BOOL && value != 'm') {
            bytes.put(extern.offset(), (byte) (value == 'y' ? 1 : 0));
        } else {
            throw unfit(
                    extern,
                    what,
                    form == Form.BOOL
                            ? "enum libbpf_tristate or char"
                            : "bool, enum libbpf_tristate or char");
        }
    }

    private void putString(ExternSpec extern, String value, String what) {
        if (form(extern) != Form.STRING) {
            throw unfit(extern, what, "an array of char");
        }
        if (value.length() < 2 || !value.endsWith("\"")) {
            throw new BpfException(where(extern) + what + " has no closing quote");
        }
        byte[] text = value.substring(1, value.length() - 1).getBytes(StandardCharsets.UTF_8);
        bytes.put(extern.offset(), text, 0, Math.min(text.length, extern.size() - 1));
    }

    /**
     * Reads a number as C writes it: decimal, 0x and hexadecimal, 0 and octal, each with a sign.
     */
    private long number(ExternSpec extern, String value, String what) {
        boolean negative = value.startsWith("-");
        String digits = negative ? value.substring(1) : value;
        int radix = 10;
        if (digits.startsWith("0x") || digits.startsWith("0X")) {
            radix = 16;
            digits = digits.substring(2);
        } else if (digits.length() > 1 && digits.startsWith("0")) {
            radix = 8;
        }
        try {
            long magnitude = Long.parseUnsignedLong(digits, radix);
            return negative ? -magnitude : magnitude;
        } catch (NumberFormatException e) {
            BpfException unread =
                    new BpfException(
                            where(extern)
                                    + what
                                    + " is neither y, n, m nor a number nor text in quotes");
            unread.initCause(e);
            throw unread;
        }
    }

    private void putNumber(ExternSpec extern, long value, String what) {
        Form form = form(extern);
        if (form == Form.STRING || form == Form.TRISTATE) {
            throw unfit(extern, what, "an integer");
        }
        boolean fits = form == Form.BOOL ? (value & ~1) == 0 : fits(extern, value);
        if (!fits) {
            throw new RelocationException(
                    where(extern)
                            + what
                            + " does not fit "
                            + form.text
                            + " of "
                            + extern.size()
                            + " bytes; declare it with a larger type");
        }
        putInteger(extern, value);
    }

    private boolean fits(ExternSpec extern, long value) {
        int unused = Long.SIZE - extern.size() * Byte.SIZE;
        if (unused == 0) {
            return true;
        }
        boolean signed = ((BtfType.Int) type(extern)).signed();
        return value == (signed ? value << unused >> unused : value << unused >>> unused);
    }

    private void putInteger(ExternSpec extern, long value) {
        int at = extern.offset();
        switch (extern.size()) {
            case Byte.BYTES -> bytes.put(at, (byte) value);
            case Short.BYTES -> bytes.putShort(at, (short) value);
            case Integer.BYTES -> bytes.putInt(at, (int) value);
            default -> bytes.putLong(at, value);
        }
    }

    private BtfType type(ExternSpec extern) {
        Btf btf = spec.btf().orElseThrow();
        return btf.resolve(((BtfType.Var) btf.type(extern.typeId())).type());
    }

    private Form form(ExternSpec extern) {
        BtfType type = type(extern);
        if (type instanceof BtfType.Int integer) {
            if ((integer.encoding() & BtfType.Int.BOOL) != 0) {
                return Form.BOOL;
            }
            return integer.size() == 1 ? Form.CHARACTER : Form.INTEGER;
        }
        return type instanceof BtfType.Array ? Form.STRING : Form.TRISTATE;
    }

    private RelocationException unfit(ExternSpec extern, String what, String wanted) {
        return new RelocationException(
                where(extern)
                        + what
                        + " is not for "
                        + form(extern).text
                        + "; declare it as "
                        + wanted);
    }

    private String where(ExternSpec extern) {
        return spec.source() + ": extern \"" + extern.name() + "\": ";
    }
}
