// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.asm.Instructions;
import io.ebpf4j.btf.Btf;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.KernelBtf;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.FakeSystemCalls;
import io.ebpf4j.sys.SystemCalls;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A kernel made of scripted system calls. It stands before them to keep what they are given in
 * memory, in which order descriptors are closed, and to fail the k-th call whatever it is.
 */
final class TestKernel {
    static final Path OBJECT = Path.of("src/test/bpf/pipeline.bpf.o");
    static final Path BIG_ENDIAN_OBJECT = Path.of("src/test/bpf/pipeline.eb.bpf.o");

    /** What the kernel does not refuse: giving back. */
    private static final Set<String> INFALLIBLE = Set.of("close", "munmap", "seekEnd", "seekStart");

    private static final String MODULE = "some_module";
    private static final int MODULE_ID = 7;
    private static final int INSTRUCTION_BYTES = 8;
    private static final int PROG_LOAD_COUNT = 4;
    private static final int PROG_LOAD_INSTRUCTIONS = 8;
    private static final int BTF_LOAD_BYTES = 0;
    private static final int BTF_LOAD_SIZE = 16;

    final FakeSystemCalls fake;
    final List<Integer> closed = new ArrayList<>();
    final Map<Integer, Instructions> programs = new LinkedHashMap<>();
    final List<Btf> types = new ArrayList<>();
    private final SystemCalls calls;
    private final KernelBtf kernelTypes;
    private String kconfig = "";
    private final List<Integer> moduleDescriptors = new ArrayList<>();
    private byte[] module;
    private int failingCall;
    private int errno;
    private int made;

    TestKernel(String version) {
        this(version, null);
    }

    TestKernel(String version, KernelBtf kernelTypes) {
        this.fake = new FakeSystemCalls(version);
        this.kernelTypes = kernelTypes;
        this.calls =
                (SystemCalls)
                        Proxy.newProxyInstance(
                                SystemCalls.class.getClassLoader(),
                                new Class<?>[] {SystemCalls.class},
                                (proxy, method, arguments) -> call(method, arguments));
    }

    static CollectionSpec spec() {
        return CollectionSpec.parse(OBJECT);
    }

    /** Fails one call, counted from 1 over all that can fail. */
    TestKernel failCall(int nth, int error) {
        failingCall = nth;
        errno = error;
        return this;
    }

    /** Gives the values of configuration options that a user would give. */
    TestKernel kconfig(String text) {
        kconfig = text;
        return this;
    }

    /** Has one loaded module of these types. */
    TestKernel module(byte[] types) {
        module = types;
        fake.file(MODULE, types);
        return this;
    }

    /** Returns the descriptors of the module's types that were ever opened. */
    List<Integer> moduleDescriptors() {
        return moduleDescriptors;
    }

    /** Returns how many calls were made that can fail. */
    int made() {
        return made;
    }

    Collection load(CollectionSpec spec) {
        return Collection.load(spec, options().build());
    }

    LoadOptions.Builder options() {
        Kernel kernel = kernel();
        return LoadOptions.builder()
                .kconfig(kconfig)
                .kernel(kernelTypes == null ? kernel : kernel.withBtf(kernelTypes));
    }

    Kernel kernel() {
        return Kernel.of(calls);
    }

    private synchronized Object call(Method method, Object[] arguments) throws Throwable {
        if (!INFALLIBLE.contains(method.getName()) && ++made == failingCall) {
            return (long) -errno;
        }
        long result;
        try {
            result =
                    module != null && "bpf".equals(method.getName())
                            ? askModule(method, arguments)
                            : (long) method.invoke(fake, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if ("close".equals(method.getName())) {
            closed.add((int) arguments[0]);
        }
        if ("bpf".equals(method.getName()) && result >= 0) {
            keep((int) arguments[0], (MemorySegment) arguments[1], (int) result);
        }
        return result;
    }

    /** Answers the commands by which modules' types are found; attributes as in AttrLayout. */
    private long askModule(Method method, Object[] arguments) throws ReflectiveOperationException {
        int command = (int) arguments[0];
        MemorySegment attr = (MemorySegment) arguments[1];
        int first = attr.get(ValueLayout.JAVA_INT, 0);
        if (command == BpfCommand.BTF_GET_NEXT_ID.number() && first == 0) {
            attr.set(ValueLayout.JAVA_INT, 4, MODULE_ID);
            return 0;
        }
        if (command == BpfCommand.BTF_GET_FD_BY_ID.number() && first == MODULE_ID) {
            int fd = (int) fake.open(MODULE, 0, 0);
            moduleDescriptors.add(fd);
            return fd;
        }
        if (command == BpfCommand.OBJ_GET_INFO_BY_FD.number()
                && moduleDescriptors.contains(first)) {
            describeModule(attr.get(ValueLayout.JAVA_LONG, 8));
            return 0;
        }
        return (long) method.invoke(fake, arguments);
    }

    /** Fills struct bpf_btf_info: btf u64, btf_size u32, id u32, name u64, name_len u32, kernel. */
    @SuppressWarnings("restricted") // the memory that the call was given
    private void describeModule(long address) {
        MemorySegment info = MemorySegment.ofAddress(address).reinterpret(32);
        long types = info.get(ValueLayout.JAVA_LONG, 0);
        if (types != 0) {
            MemorySegment.ofAddress(types)
                    .reinterpret(module.length)
                    .copyFrom(MemorySegment.ofArray(module));
        }
        info.set(ValueLayout.JAVA_INT, 8, module.length);
        info.set(ValueLayout.JAVA_INT, 12, MODULE_ID);
        long name = info.get(ValueLayout.JAVA_LONG, 16);
        if (name != 0) {
            MemorySegment.ofAddress(name).reinterpret(64).setString(0, MODULE);
        }
        info.set(ValueLayout.JAVA_INT, 28, 1);
    }

    private void keep(int command, MemorySegment attr, int fd) {
        if (command == BpfCommand.PROG_LOAD.number()) {
            byte[] code =
                    bytes(
                            attr,
                            PROG_LOAD_INSTRUCTIONS,
                            attr.get(ValueLayout.JAVA_INT, PROG_LOAD_COUNT) * INSTRUCTION_BYTES);
            programs.put(fd, Instructions.decode(code, ByteOrder.nativeOrder()));
        } else if (command == BpfCommand.BTF_LOAD.number()) {
            int size = attr.get(ValueLayout.JAVA_INT, BTF_LOAD_SIZE);
            types.add(Btf.parse(bytes(attr, BTF_LOAD_BYTES, size)));
        }
    }

    @SuppressWarnings("restricted") // the memory that the call was given
    private static byte[] bytes(MemorySegment attr, int pointer, int size) {
        long address = attr.get(ValueLayout.JAVA_LONG, pointer);
        return MemorySegment.ofAddress(address).reinterpret(size).toArray(ValueLayout.JAVA_BYTE);
    }
}
