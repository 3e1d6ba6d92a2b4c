// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.program;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** The forms that a reason has had from kernel to kernel lead to the same advice. */
class VerifierAdviceTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    R0 invalid mem access 'map_value_or_null' | it may be NULL
                    R0 invalid mem access 'mem_or_null' | it may be NULL
                    R1 type=alloc_mem_or_null expected=alloc_mem | it may be NULL
                    R0 pointer arithmetic on map_value_or_null prohibited, null-check it first | it may be NULL
                    Possibly NULL pointer passed to trusted arg0 | it may be NULL
                    R1 invalid mem access 'inv' | bpf_probe_read_kernel()
                    R6 invalid mem access 'scalar' | bpf_probe_read_kernel()
                    R1 invalid mem access 'map_ptr' | of kind map_ptr
                    invalid access to map value, value_size=16 off=24 size=4 | 4 bytes may begin at offset 24 of a value that has 16
                    invalid access to memory, mem_size=8 off=8 size=1 | 1 bytes may begin at offset 8 of memory that has 8
                    R2 unbounded memory access, make sure to bounds check any such access | no upper limit
                    R2 unbounded memory access, use 'var &= const' or 'if (var < const)' | the size has no upper limit
                    R2 min value is negative, either use unsigned index or do a if (index >=0) check. | the index may be negative
                    R2 min value is negative, either use unsigned or 'var &= const' | the size may be negative
                    R2 max value is outside of the array range | check it right before
                    R2 max value is outside of the allowed memory range | check it right before
                    math between map_value pointer and 2147483647 is not allowed | has no limits
                    value -2147483649 makes map_value pointer be out of bounds | check it right before
                    invalid access to packet, off=0 size=4, R2(id=0,off=0,r=0) | data + N > data_end
                    R2 invalid zero-sized read | size == 0
                    R2 invalid zero-sized read: u64=[0,15] | size == 0
                    R0 !read_ok | return a value
                    R3 !read_ok | calls change R0 to R5
                    Unreleased reference id=2 alloc_insn=4 | given back on every way out
                    BPF_EXIT instruction in main prog would lead to reference leak | given back
                    reference has not been acquired before | bpf_ringbuf_reserve()
                    back-edge from insn 3 to 2 | the verifier sees no end
                    infinite loop detected at insn 0 | the verifier sees no end
                    the call stack of 9 frames is too deep ! | nested 8 deep
                    BPF program is too large. Processed 1000001 insn | gave up after 1000001 steps
                    The sequence of 8193 jumps is too complex. | too many ways
                    combined stack size of 2 calls is 832. Too large | 2 functions that call one another take 832 bytes
                    invalid indirect read from stack off -8+0 size 8 | set all bytes
                    invalid indirect read from stack R2 off -8+0 size 8 | set all bytes
                    invalid read from stack off -8+0 size 8 | set all bytes
                    invalid read from stack R10 off -8+0 size 8 | set all bytes
                    invalid indirect access to stack R1 off=-4 size=8 | nothing was written there
                    invalid read from stack R10 off=-64 size=8 | nothing was written there
                    invalid stack off=-520 size=8 | leaves the stack
                    invalid write to stack R10 off=-520 size=8 | leaves the stack
                    invalid stack type R1 off=-8 access_size=16 | leaves the stack
                    invalid variable-offset write to stack R2 var_off=(0x0; 0xfff8) off=-32 size=8 | local array is not bounded
                    variable stack access var_off=(0xfffffffffffffff0; 0x4) off=-16 size=4 | local array is not bounded
                    misaligned stack access off (0x0; 0x0)+0+-13 size 8 | multiples of the access's size
                    misaligned stack access off 0+0+-13 size 8 | multiples of the access's size
                    frame pointer is read only | must not write r10
                    helper call might sleep in a non-sleepable prog | only sleepable programs
                    sleepable helper bpf_copy_from_user#148 in non-sleepable prog | only sleepable programs
                    unknown func bpf_copy_from_user#148 | only sleepable programs
                    unknown func bpf_skb_load_bytes#26 | programs of this type may not
                    program of this type cannot use helper bpf_skb_load_bytes#26 | programs of this type may not
                    invalid func unknown#300 | no helper 300
                    cannot call GPL-restricted function from non-GPL compatible program | char LICENSE[]
                    cannot call GPL only function from proprietary program | char LICENSE[]
                    function calls are not allowed while holding a lock | unlock on every way out
                    bpf_spin_unlock is missing | unlock on every way out
                    bpf_spin_lock cannot be accessed directly by load/store | write the members beside it
                    bpf_rcu_read_unlock is missing | must stand in pairs
                    unreachable insn 3 | clang emits no such code
                    jump out of range from insn 0 to 1001 | clang emits no such code
                    last insn is not an exit or jmp | clang emits no such code
                    BPF_LDX uses reserved fields | clang emits no such code
                    R1 type=inv expected=fp | argument 1 of the call is of kind inv
                    R2 type=scalar expected=fp, pkt, pkt_meta | argument 2 of the call is of kind scalar
                    invalid bpf_context access off=80 size=4 | nothing of 4 bytes at offset 80
                    dereference of modified ctx ptr R1 off=8 disallowed | ctx->field
                    variable ctx access var_off=(0x0; 0x3c) disallowed | ctx->field
                    R0 pointer arithmetic with *= operator prohibited | pointers take an added
                    R0 pointer += pointer prohibited | pointers take an added
                    R1 pointer arithmetic on ctx prohibited | pointers take an added
                    R0 bitwise operator &= on pointer prohibited | pointers take an added
                    write into map forbidden, value_size=16 off=0 size=1 | drop const
                    R1 cannot write into rdonly_mem | drop const
                    only read is supported | objects of the kernel
                    access beyond struct task_struct at off 1048576 size 1 | the kernel's task_struct is smaller
                    attach_btf_id 114 is not a function | attach target
                    arg#0 expected pointer to ctx, but got PTR | unchanged
                    arg#0 expects pointer to ctx | unchanged
                    R1 expects pointer to ctx | unchanged
                    recursive call from recurse() to recurse() | the verifier sees no end
                    Caller passes invalid args into func#1 ('global') | pass global pointers of known kind
                    Arg#0 type PTR in global() is not supported yet. | make global static
                    BPF_CALL uses reserved fields | since Linux 5.13
                    calling kernel function vfs_fsync is not allowed | registered for this type
                    At program exit the register R0 has value (0x7; 0x0) should have been in (0x0; 0x1) | certain results only
                    At program exit the register R0 has smin=7 smax=7 should have been in [0, 1] | certain results only
                    div by zero | the divisor is the constant 0
                    BPF_XADD stores into R1 ctx is not allowed | atomic operations
                    BPF_ATOMIC stores into R1 ctx is not allowed | atomic operations
                    cannot pass map_type 1 into func bpf_perf_event_output#25 | bpf_perf_event_output() does not work
                    R0 leaks addr as return value | CAP_PERFMON
                    """)
    void allFormsOfAReasonHaveTheSameAdvice(String reason, String advice) {
        assertThat(VerifierAdvice.on(List.of(reason))).contains(advice).doesNotContain("$");
    }

    @Test
    void takesTheLineThatSaysMost() {
        assertThat(
                        VerifierAdvice.on(
                                List.of(
                                        "R1 min value is outside of the allowed memory range",
                                        "invalid access to map value, value_size=16 off=24"
                                                + " size=4")))
                .startsWith("an access of 4 bytes");
    }

    @Test
    void saysNothingOfWhatItDoesNotKnow() {
        assertThat(VerifierAdvice.on(List.of("something entirely new"))).isEmpty();
        assertThat(VerifierAdvice.on(List.of())).isEmpty();
    }
}
