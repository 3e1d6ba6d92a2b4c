// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

import java.lang.foreign.MemorySegment;

/**
 * What BPF_PROG_LOAD takes, all memory native and alive until the call returns.
 *
 * @param type {@code BPF_PROG_TYPE_*}
 * @param expectedAttachType {@code enum bpf_attach_type}, or 0
 * @param flags {@code BPF_F_*}
 * @param instructions whole slots of 8 bytes
 * @param license a C string
 * @param name a name of {@link KernelName}, or empty
 * @param kernelVersion {@code LINUX_VERSION_CODE}, read by kernels before 5.0 for kprobe programs
 * @param btfFd descriptor of the program's BTF, or 0
 * @param funcInfo {@code struct bpf_func_info}s, or {@link MemorySegment#NULL}
 * @param lineInfo {@code struct bpf_line_info}s, or {@link MemorySegment#NULL}
 * @param attachBtfId the kernel type to attach to, or 0
 * @param attachFd the program or module BTF that {@code attachBtfId} is in, or 0 for vmlinux
 * @param fdArray descriptors that instructions refer to by index, 4 bytes each, or {@link
 *     MemorySegment#NULL}
 */
public record ProgLoad(
        int type,
        int expectedAttachType,
        int flags,
        MemorySegment instructions,
        MemorySegment license,
        String name,
        int kernelVersion,
        int btfFd,
        MemorySegment funcInfo,
        MemorySegment lineInfo,
        int attachBtfId,
        int attachFd,
        MemorySegment fdArray) {

    private static final int FUNC_INFO_BYTES = 8;
    private static final int LINE_INFO_BYTES = 16;

    /**
     * Leaves the name out, for kernels before 4.15.
     *
     * @return a request without a name
     */
    public ProgLoad withoutName() {
        return new ProgLoad(
                type,
                expectedAttachType,
                flags,
                instructions,
                license,
                "",
                kernelVersion,
                btfFd,
                funcInfo,
                lineInfo,
                attachBtfId,
                attachFd,
                fdArray);
    }

    /**
     * Leaves the expected attach type out, for kernels before 4.17 and types whose hook does not
     * need it.
     *
     * @return a request without an expected attach type
     */
    public ProgLoad withoutExpectedAttachType() {
        return new ProgLoad(
                type,
                0,
                flags,
                instructions,
                license,
                name,
                kernelVersion,
                btfFd,
                funcInfo,
                lineInfo,
                attachBtfId,
                attachFd,
                fdArray);
    }

    /**
     * Leaves the BTF, function and line records out, for kernels before 5.0.
     *
     * @return a request without BTF
     */
    public ProgLoad withoutBtf() {
        return new ProgLoad(
                type,
                expectedAttachType,
                flags,
                instructions,
                license,
                name,
                kernelVersion,
                0,
                MemorySegment.NULL,
                MemorySegment.NULL,
                attachBtfId,
                attachFd,
                fdArray);
    }

    /**
     * Replaces the instructions.
     *
     * @param code whole slots of 8 bytes, alive until the call returns
     * @return a request with them
     */
    public ProgLoad withInstructions(MemorySegment code) {
        return new ProgLoad(
                type,
                expectedAttachType,
                flags,
                code,
                license,
                name,
                kernelVersion,
                btfFd,
                funcInfo,
                lineInfo,
                attachBtfId,
                attachFd,
                fdArray);
    }

    /**
     * Sets the kernel's version code.
     *
     * @param code {@code LINUX_VERSION_CODE}
     * @return a request with it
     */
    public ProgLoad withKernelVersion(int code) {
        return new ProgLoad(
                type,
                expectedAttachType,
                flags,
                instructions,
                license,
                name,
                code,
                btfFd,
                funcInfo,
                lineInfo,
                attachBtfId,
                attachFd,
                fdArray);
    }

    Attr attr() {
        Attr attr =
                Attr.begin(AttrLayout.ProgLoad.BYTES)
                        .set(AttrLayout.ProgLoad.PROG_TYPE, type)
                        .set(AttrLayout.ProgLoad.INSN_CNT, instructions.byteSize() / 8)
                        .set(AttrLayout.ProgLoad.INSNS, instructions)
                        .set(AttrLayout.ProgLoad.LICENSE, license)
                        .set(AttrLayout.ProgLoad.KERN_VERSION, kernelVersion)
                        .set(AttrLayout.ProgLoad.PROG_FLAGS, flags)
                        .text(AttrLayout.ProgLoad.PROG_NAME, name)
                        .set(AttrLayout.ProgLoad.EXPECTED_ATTACH_TYPE, expectedAttachType)
                        .set(AttrLayout.ProgLoad.ATTACH_BTF_ID, attachBtfId)
                        .set(AttrLayout.ProgLoad.ATTACH_BTF_OBJ_FD, attachFd)
                        .set(AttrLayout.ProgLoad.FD_ARRAY, fdArray);
        if (btfFd != 0) {
            attr.set(AttrLayout.ProgLoad.PROG_BTF_FD, btfFd)
                    .set(AttrLayout.ProgLoad.FUNC_INFO_REC_SIZE, FUNC_INFO_BYTES)
                    .set(AttrLayout.ProgLoad.FUNC_INFO, funcInfo)
                    .set(AttrLayout.ProgLoad.FUNC_INFO_CNT, funcInfo.byteSize() / FUNC_INFO_BYTES)
                    .set(AttrLayout.ProgLoad.LINE_INFO_REC_SIZE, LINE_INFO_BYTES)
                    .set(AttrLayout.ProgLoad.LINE_INFO, lineInfo)
                    .set(AttrLayout.ProgLoad.LINE_INFO_CNT, lineInfo.byteSize() / LINE_INFO_BYTES);
        }
        return attr;
    }
}
