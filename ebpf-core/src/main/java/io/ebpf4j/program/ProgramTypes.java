// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.program;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.sys.Bpf;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.FileDescriptor;

import java.util.ArrayList;
import java.util.List;

/** Reads back the types that a program was loaded with. */
final class ProgramTypes {

    private ProgramTypes() {}

    static Btf read(Program program) {
        int id = program.info().btfId();
        if (id == 0) {
            throw new BpfException(
                    program
                            + " was loaded without types; compile it with clang -g, which writes"
                            + " them");
        }
        Bpf bpf = program.kernel().bpf();
        long opened = bpf.openById(BpfCommand.BTF_GET_FD_BY_ID, id);
        String what = "the types of " + program;
        try (FileDescriptor btf =
                bpf.own(BpfCommand.BTF_GET_FD_BY_ID, opened, what, "cannot open ")) {
            return Btf.parse(bpf.btfTypes(btf.fd()));
        }
    }

    static int function(Program program, String name) {
        Btf types = read(program);
        int id = types.find(name, BtfType.Func.class);
        if (id < 0) {
            throw new BpfException(
                    program + " has no function \"" + name + "\", only " + functions(types));
        }
        return id;
    }

    private static List<String> functions(Btf types) {
        List<String> names = new ArrayList<>();
        for (int id = 1; id < types.typeCount(); id++) {
            if (types.type(id) instanceof BtfType.Func function) {
                names.add(function.name());
            }
        }
        return names;
    }
}
