// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.program;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What to do about the rejections that programs meet most, in C's words rather than the verifier's.
 *
 * <p>One row for each mistake, its pattern covering the forms that kernels since 5.4 have printed;
 * the first row that matches a line of the reason is taken, so narrower patterns stand first.
 * Compiled when a program has been rejected, and only then.
 */
final class VerifierAdvice {
    private static final String NULL_CHECK =
            "it may be NULL, as what bpf_map_lookup_elem(), bpf_ringbuf_reserve() and their like"
                    + " return may: use it only after if (!p) return 0; on the same variable";

    private static final String BOUND =
            "check it right before its use, both ends, in the variable that is used: an unsigned"
                    + " type and if (i >= N) return 0; or, where N is a power of two, i &= N - 1";

    private static final String SIMPLIFY =
            "make loops shorter, move their bodies into bpf_loop() (5.17) or bpf_for() (6.4), make"
                    + " static functions __noinline and global, which are verified once, or split"
                    + " the program by tail calls";

    private static final String INITIALISE =
            "set all bytes, padding included, before they are read or passed on: struct key k ="
                    + " {}; or __builtin_memset(&k, 0, sizeof k)";

    private static final String ONLY_ASSEMBLED =
            "clang emits no such code from C: look for inline assembly, a hand-made program, or"
                    + " undefined behaviour (a loop that never ends, a missing return, a NULL"
                    + " pointer that is followed) behind which clang ended the function";

    private static final String CONTEXT =
            "read the context's fields by name, ctx->field, at their own size and offset: keep"
                    + " pointers into it out of loops and tables, and copy a field before branches"
                    + " that clang may merge";

    private static final String NOT_WRITABLE =
            "const volatile globals (.rodata) and maps with BPF_F_RDONLY_PROG cannot be written by"
                    + " programs: drop const, or write to another map";

    private static final String UNLOCK =
            "between bpf_spin_lock() and bpf_spin_unlock() only plain reads and writes may stand:"
                    + " call before or after it, and unlock on every way out";

    private static final String UNTYPED =
            "to the verifier this is a number, not a pointer: read kernel memory with"
                    + " bpf_probe_read_kernel() or BPF_CORE_READ(), user memory with"
                    + " bpf_probe_read_user(). Where it was a pointer to a packet or a record, a"
                    + " call in between (bpf_xdp_adjust_head(), bpf_ringbuf_submit()) made it"
                    + " invalid: fetch it again, or use it before";

    /** Pattern, advice; $n in an advice stands for the pattern's nth group. */
    private static final String[][] TABLE = {
        {"R\\d+ invalid mem access '\\w*_or_null'", NULL_CHECK},
        {"pointer arithmetic on \\w*_or_null prohibited", NULL_CHECK},
        {"R\\d+ type=\\w*_or_null expected=", NULL_CHECK},
        {"Possibly NULL pointer passed to (?:trusted|helper) arg\\d+", NULL_CHECK},
        {"R\\d+ invalid mem access '(?:inv|scalar)'", UNTYPED},
        {
            "R\\d+ invalid mem access '(\\w+)'",
            "memory behind a pointer of kind $1 cannot be read or written directly: use the helper"
                    + " or function that is made for it"
        },
        {
            "invalid access to map value, value_size=(\\d+) off=(-?\\d+) size=(\\d+)",
            "an access of $3 bytes may begin at offset $2 of a value that has $1: " + BOUND
        },
        {
            "invalid access to (?:memory|mem|key), (?:mem|key)_size=(\\d+) off=(-?\\d+)"
                    + " size=(\\d+)",
            "an access of $3 bytes may begin at offset $2 of memory that has $1: " + BOUND
        },
        {
            "invalid access to packet|offset is outside of the packet",
            "first compare with the packet's end, for the bytes you use: if (data + N > data_end)"
                    + " return XDP_PASS; and again after whatever may move the packet"
        },
        {
            "unbounded memory access, use 'var &= const'",
            "the size has no upper limit that the verifier knows: " + BOUND
        },
        {
            "min value is negative, either use unsigned or 'var &= const'",
            "the size may be negative: " + BOUND
        },
        {
            "unbounded memory access",
            "the index has no upper limit that the verifier knows: " + BOUND
        },
        {"min value is negative", "the index may be negative: " + BOUND},
        {"(?:min|max) value is outside of the (?:allowed )?(?:memory|array) range", BOUND},
        {
            "math between \\w+ pointer and",
            "what is added to the pointer has no limits that the verifier knows: " + BOUND
        },
        {"value -?\\d+ makes \\w+ pointer be out of bounds", BOUND},
        {
            "invalid zero-sized read",
            "the size may be 0, which this helper does not take: if (size == 0) return 0; before"
                    + " the call"
        },
        {
            "^R0 !read_ok",
            "a way through the function ends without a result: return a value on each, after the"
                    + " last branch too"
        },
        {
            "^R\\d+ !read_ok",
            "it was never set, or a call has overwritten it (calls change R0 to R5): set the"
                    + " variable on every way here, call functions with all their arguments, and"
                    + " list what inline assembly clobbers"
        },
        {
            "Unreleased reference|would lead to reference leak",
            "what was acquired must be given back on every way out, early returns included:"
                    + " bpf_ringbuf_submit() or bpf_ringbuf_discard() for a record,"
                    + " bpf_sk_release(), bpf_task_release() and the like"
        },
        {
            "reference has not been acquired|must be referenced|release a value that is not"
                    + "|expected=(?:alloc_mem|ringbuf_mem)",
            "pass what the acquiring call returned, unchanged, and give it back only once:"
                    + " bpf_ringbuf_submit() takes what bpf_ringbuf_reserve() returned"
        },
        {
            "back-edge|infinite loop detected|[Rr]ecursive call",
            "the verifier sees no end of it: let a counter run to a constant, for (int i = 0; i <"
                    + " N; i++), or use bpf_loop() (5.17) or bpf_for() (6.4); functions may not"
                    + " call themselves"
        },
        {
            "call stack of \\d+ frames is too deep",
            "functions may be nested 8 deep and may not call themselves: inline some"
                    + " (__always_inline), or turn recursion into a loop"
        },
        {
            "BPF program is too large\\. Processed (\\d+) insn",
            "the verifier walks every way through the program and gave up after $1 steps: "
                    + SIMPLIFY
        },
        {
            "sequence of \\d+ jumps is too complex|too many states",
            "there are too many ways through the program: " + SIMPLIFY
        },
        {
            "combined stack size of (\\d+) calls is (\\d+)",
            "$1 functions that call one another take $2 bytes of stack, of 512 in all: move large"
                    + " arrays and structs into a per-CPU array map with one element"
        },
        {
            "stack size \\d+|stack frame size",
            "locals may take 512 bytes: move large ones into a per-CPU array map with one element"
        },
        {
            "invalid (?:indirect )?(?:read from|access to) stack (?:R\\d+ )?off -?\\d+\\+",
            INITIALISE
        },
        {
            "variable-offset|variable offset stack|variable stack access",
            "an index into a local array is not bounded: " + BOUND
        },
        {
            "invalid (?:indirect )?(?:read from|access to) stack R\\d+ off=-",
            "nothing was written there, or it is outside of the function's 512 bytes of stack: "
                    + INITIALISE
        },
        {
            "invalid (?:indirect |unbounded )?(?:(?:write to|read from|access to) )?stack"
                    + "|invalid stack type",
            "the access leaves the stack of the function, which has 512 bytes below its frame"
                    + " pointer: check the index or size against the local array's"
        },
        {
            "misaligned (\\w+) access",
            "access memory at multiples of the access's size: avoid casts to wider pointers and"
                    + " __attribute__((packed)), or read byte by byte"
        },
        {
            "frame pointer is read only",
            "inline assembly must not write r10: copy it to another register first"
        },
        {
            "helper call might sleep|[Ss]leepable helper|unknown func bpf_copy_from_user",
            "only sleepable programs may call what may wait: use a section of those, such as"
                + " SEC(\"fentry.s/…\"), SEC(\"lsm.s/…\"), SEC(\"uprobe.s/…\"), or a helper that"
                + " does not wait, such as bpf_probe_read_user()"
        },
        {
            "invalid func unknown#(\\d+)",
            "this kernel has no helper $1: look up since which version it is there, and ask"
                + " bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_…) before it is called"
        },
        {
            "(?:unknown func|program of this type cannot use helper) (\\w+)#|helper call is not"
                    + " allowed in probe",
            "programs of this type may not call it, on this kernel at least: take a type that may"
                    + " (the section says which), or another helper"
        },
        {
            "GPL",
            "give the object a license that is compatible: char LICENSE[] SEC(\"license\") ="
                    + " \"GPL\"; (\"Dual BSD/GPL\" and \"Dual MIT/GPL\" are too)"
        },
        {
            "bpf_spin_lock cannot be accessed|bpf_spin_lock.* should be|direct access to bpf_spin",
            "a lock may be touched by bpf_spin_lock() and bpf_spin_unlock() only: write the members"
                    + " beside it one by one, and copy no struct that holds it"
        },
        {"spin_(?:un)?lock|while holding a lock|holding a lock", UNLOCK},
        {
            "rcu_read_(?:un)?lock|rcu read (?:un)?lock",
            "bpf_rcu_read_lock() and bpf_rcu_read_unlock() must stand in pairs on every way through"
                    + " the program"
        },
        {
            "BPF_CALL uses reserved fields",
            "this kernel cannot call kernel functions (kfuncs, since Linux 5.13): use a helper, or"
                    + " load the program on newer kernels only"
        },
        {
            "(?:unreachable insn|jump out of range|last insn is not an exit|fall.?through"
                    + "|jump into the middle|unknown opcode|reserved fields)",
            ONLY_ASSEMBLED
        },
        {
            "R(\\d) type=(\\w+) expected=",
            "argument $1 of the call is of kind $2, which it does not take. Kinds are: scalar or"
                + " inv, a number; fp, a local variable; map_ptr, &map; map_value, what a lookup"
                + " returned; ctx, the context as the program got it; pkt, checked packet data;"
                + " ptr_ and trusted_ptr_, a kernel object"
        },
        {
            "invalid bpf_context access off=(-?\\d+) size=(\\d+)",
            "the context of this type of program has nothing of $2 bytes at offset $1 that may be"
                    + " accessed so: check the type of the function's parameter against its SEC(),"
                    + " the number of arguments, and whether the field may be written"
        },
        {"modified ctx ptr|variable ctx access|negative offset ctx ptr", CONTEXT},
        {
            "pointer (?:arithmetic|operation)|pointer \\+= pointer|bitwise operator"
                    + "|tried to (?:subtract|add)",
            "pointers take an added or subtracted bounded number and nothing else: keep addresses"
                    + " in pointers, do other arithmetic on numbers, and pass a pointer that you"
                    + " calculated to bpf_probe_read_kernel()"
        },
        {"write into (?:map|\\w+) forbidden|cannot write into rdonly|rdonly", NOT_WRITABLE},
        {
            "only read is supported|cannot write into|may only be read|not writable",
            "objects of the kernel can be read through a pointer, not written: change them by the"
                    + " helper or kernel function that is made for it"
        },
        {
            "access beyond (?:struct |the end of )?(\\w+) at off (\\d+)",
            "the kernel's $1 is smaller than the access at offset $2: include the kernel's own"
                    + " vmlinux.h, or declare the struct with preserve_access_index so that CO-RE"
                    + " finds the offset"
        },
        {
            "attach_btf_id \\d+ is not a",
            "the attach target is of another kind than this type of program takes: fentry, fexit"
                    + " and iterators take functions, tp_btf a typedef btf_trace_…"
        },
        {
            "expect(?:s|ed) pointer to ctx",
            "pass the context to the global function unchanged, in a parameter of the type that"
                    + " programs of this kind get; or make the function static"
        },
        {
            "Caller passes invalid args into func#\\d+ \\('(\\w+)'\\)",
            "global functions are verified by their declaration alone: pass $1 pointers of known"
                    + " kind and size, or make it static __noinline"
        },
        {
            "[Aa]rg#\\d+ type \\w+ in (\\w+)\\(\\) is not supported",
            "global functions of this kernel take numbers and the context only (pointers since"
                    + " 5.12): make $1 static"
        },
        {
            "calling kernel function (\\w+) is not allowed|calling kernel functions are not"
                    + " allowed",
            "the kernel lets other types of programs call it, or none: it must be one of the"
                    + " kfuncs registered for this type"
        },
        {
            "At program exit the register R0|At \\w+ (?:callback|return|exit).* R0|invalid return",
            "the hook takes certain results only, as the verifier says: return one of them on every"
                    + " way"
        },
        {
            "div(?:ision|ide)? by zero",
            "the divisor is the constant 0: divide by what may be 0 only after a check"
        },
        {
            "(?:BPF_XADD|BPF_ATOMIC) stores into",
            "atomic operations work on map values, the stack and records: count there"
        },
        {
            "cannot pass map_type \\d+ into func (\\w+)",
            "$1() does not work on maps of this type: declare another type, or use another helper"
        },
        {
            "leaks addr|R\\d+ leaks|pointer comparison prohibited",
            "unprivileged programs may not let addresses escape: load with CAP_PERFMON, or keep"
                    + " pointers out of maps, results and comparisons"
        },
    };

    private VerifierAdvice() {}

    /** Returns the advice on a reason, or the empty string. */
    static String on(List<String> reasons) {
        for (String[] row : TABLE) {
            Pattern pattern = Pattern.compile(row[0]);
            for (String reason : reasons) {
                Matcher matcher = pattern.matcher(reason);
                if (matcher.find()) {
                    return expand(matcher, row[1]);
                }
            }
        }
        return "";
    }

    /** Returns the advice on a log that is too long to be kept. */
    static String onLength() {
        return SIMPLIFY;
    }

    private static String expand(Matcher matcher, String advice) {
        StringBuilder out = new StringBuilder(advice.length());
        for (int i = 0; i < advice.length(); i++) {
            char c = advice.charAt(i);
            int group = i + 1 < advice.length() ? advice.charAt(i + 1) - '0' : -1;
            if (c == '$' && group >= 1 && group <= matcher.groupCount()) {
                out.append(matcher.group(group) == null ? "it" : matcher.group(group));
                i++;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
