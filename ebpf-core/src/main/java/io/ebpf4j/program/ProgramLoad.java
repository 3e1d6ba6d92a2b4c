// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.program;

import io.ebpf4j.asm.Instructions;
import io.ebpf4j.btf.FuncInfo;
import io.ebpf4j.btf.LineInfo;
import io.ebpf4j.spec.AttachType;
import io.ebpf4j.spec.ProgramType;

import java.util.List;
import java.util.Objects;

/**
 * What a program is loaded from.
 *
 * @param name the program's name; the kernel shows its first 15 characters
 * @param type the program's type
 * @param attachType where it will be attached; {@link AttachType#NONE} when its type does not say
 * @param attachTypeOptional whether kernels before 4.17, which do not know {@code attachType}, may
 *     load the program without it
 * @param flags {@code BPF_F_*} for BPF_PROG_LOAD, such as BPF_F_SLEEPABLE (1 &lt;&lt; 4)
 * @param instructions the instructions, without open references
 * @param license the license, such as {@code GPL}, which opens GPL-only helpers
 * @param attachBtfId the kernel type that a tracing, LSM, iterator or extension program is for, or
 *     0
 * @param attachTarget descriptor of the module BTF or the program that {@code attachBtfId} is in; 0
 *     for vmlinux
 * @param member for a struct_ops program, the number of the member that it is for in the structure
 *     {@code attachBtfId}, which goes where other types have their attach type; else -1
 * @param btf the loaded BTF that the function and line records refer to, or null
 * @param funcInfo one record for each function, in slot order; empty without BTF
 * @param lineInfo line records, in slot order; empty without BTF
 * @param fdArray descriptors that instructions refer to by index; empty when none do
 * @param log what the verifier is asked to say
 */
public record ProgramLoad(
        String name,
        ProgramType type,
        AttachType attachType,
        boolean attachTypeOptional,
        int flags,
        Instructions instructions,
        String license,
        int attachBtfId,
        int attachTarget,
        int member,
        BtfObject btf,
        List<FuncInfo> funcInfo,
        List<LineInfo> lineInfo,
        List<Integer> fdArray,
        LogPolicy log) {

    /**
     * Checks that nothing required is absent.
     *
     * @throws NullPointerException if a component other than {@code btf} is null
     */
    public ProgramLoad {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(attachType, "attachType");
        Objects.requireNonNull(instructions, "instructions");
        Objects.requireNonNull(license, "license");
        Objects.requireNonNull(log, "log");
        funcInfo = List.copyOf(funcInfo);
        lineInfo = List.copyOf(lineInfo);
        fdArray = List.copyOf(fdArray);
    }

    /**
     * Begins a description.
     *
     * @param name the program's name
     * @param type the program's type
     * @param instructions the instructions, without open references
     * @return a builder with license {@code GPL}, no BTF and the default log policy
     */
    public static Builder of(String name, ProgramType type, Instructions instructions) {
        return new Builder(name, type, instructions);
    }

    /** Collects what a program is loaded from. */
    public static final class Builder {
        private final String name;
        private final ProgramType type;
        private final Instructions instructions;
        private AttachType attachType = AttachType.NONE;
        private boolean attachTypeOptional;
        private int flags;
        private String license = "GPL";
        private int attachBtfId;
        private int attachTarget;
        private int member = -1;
        private BtfObject btf;
        private List<FuncInfo> funcInfo = List.of();
        private List<LineInfo> lineInfo = List.of();
        private List<Integer> fdArray = List.of();
        private LogPolicy log = LogPolicy.ON_FAILURE;

        Builder(String name, ProgramType type, Instructions instructions) {
            this.name = name;
            this.type = type;
            this.instructions = instructions;
        }

        /**
         * Sets where the program will be attached.
         *
         * @param value the attach type
         * @return this builder
         */
        public Builder attachType(AttachType value) {
            this.attachType = value;
            return this;
        }

        /**
         * Says that kernels before 4.17 may load the program without its attach type: it has the
         * only hook that such kernels know for its type.
         *
         * @param value true to leave it out there; false, the default, to be refused there
         * @return this builder
         */
        public Builder attachTypeOptional(boolean value) {
            this.attachTypeOptional = value;
            return this;
        }

        /**
         * Sets the load flags.
         *
         * @param value {@code BPF_F_*}
         * @return this builder
         */
        public Builder flags(int value) {
            this.flags = value;
            return this;
        }

        /**
         * Sets the license.
         *
         * @param value such as {@code GPL} or {@code Dual BSD/GPL}
         * @return this builder
         */
        public Builder license(String value) {
            this.license = value;
            return this;
        }

        /**
         * Sets what the program is loaded for.
         *
         * @param btfId the type's id
         * @param target descriptor of the module BTF or program the type is in; 0 for vmlinux
         * @return this builder
         */
        public Builder attachTo(int btfId, int target) {
            this.attachBtfId = btfId;
            this.attachTarget = target;
            return this;
        }

        /**
         * Sets which member of the structure it is loaded for a struct_ops program implements.
         *
         * @param index the member's number in the kernel's structure
         * @return this builder
         */
        public Builder member(int index) {
            this.member = index;
            return this;
        }

        /**
         * Sets the type information.
         *
         * @param object the loaded BTF
         * @param functions one record for each function, in slot order
         * @param lines line records, in slot order
         * @return this builder
         */
        public Builder btf(BtfObject object, List<FuncInfo> functions, List<LineInfo> lines) {
            this.btf = object;
            this.funcInfo = functions;
            this.lineInfo = lines;
            return this;
        }

        /**
         * Sets the descriptors that instructions refer to by index.
         *
         * @param value the descriptors
         * @return this builder
         */
        public Builder fdArray(List<Integer> value) {
            this.fdArray = value;
            return this;
        }

        /**
         * Sets what the verifier is asked to say.
         *
         * @param value the policy
         * @return this builder
         */
        public Builder log(LogPolicy value) {
            this.log = value;
            return this;
        }

        /**
         * Ends the description.
         *
         * @return the record
         * @throws NullPointerException if something required is null
         */
        public ProgramLoad build() {
            return new ProgramLoad(
                    name,
                    type,
                    attachType,
                    attachTypeOptional,
                    flags,
                    instructions,
                    license,
                    attachBtfId,
                    attachTarget,
                    member,
                    btf,
                    funcInfo,
                    lineInfo,
                    fdArray,
                    log);
        }
    }
}
