// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.btf;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Types of every kind with random contents that BTF can hold. */
final class RandomTypes {
    private final Random random;
    private final List<Supplier<BtfType>> makers;

    RandomTypes(Random random) {
        this.random = random;
        this.makers =
                List.of(
                        () -> new BtfType.Int(name(), size(), below(16), below(256), below(256)),
                        () -> new BtfType.Ptr(id()),
                        () -> new BtfType.Array(id(), id(), size()),
                        () -> new BtfType.Struct(name(), size(), members()),
                        () -> new BtfType.Union(name(), size(), members()),
                        () -> new BtfType.Fwd(name(), random.nextBoolean()),
                        () -> new BtfType.Enum(name(), 4, random.nextBoolean(), narrow()),
                        () -> new BtfType.Enum64(name(), 8, random.nextBoolean(), wide()),
                        () -> new BtfType.Typedef(name(), id()),
                        () -> new BtfType.Volatile(id()),
                        () -> new BtfType.Const(id()),
                        () -> new BtfType.Restrict(id()),
                        () -> new BtfType.TypeTag(name(), id(), random.nextBoolean()),
                        () -> new BtfType.Func(name(), id(), below(3)),
                        () -> new BtfType.FuncProto(id(), parameters()),
                        () -> new BtfType.Var(name(), id(), below(3)),
                        () -> new BtfType.DataSec(name(), size(), sections()),
                        () -> new BtfType.Float(name(), size()),
                        () ->
                                new BtfType.DeclTag(
                                        name(), id(), below(9) - 1, random.nextBoolean()));
    }

    BtfType type() {
        return makers.get(below(makers.size())).get();
    }

    private int below(int bound) {
        return random.nextInt(bound);
    }

    private int id() {
        return below(1 << 20);
    }

    private int size() {
        return random.nextInt() >>> 1;
    }

    private String name() {
        StringBuilder name = new StringBuilder();
        for (int i = below(12); i > 0; i--) {
            name.append(below(4) == 0 ? '_' : (char) ('a' + below(26)));
        }
        return name.toString();
    }

    private <T> List<T> some(Supplier<T> maker) {
        List<T> list = new ArrayList<>();
        for (int i = below(20); i > 0; i--) {
            list.add(maker.get());
        }
        return list;
    }

    private List<BtfType.Member> members() {
        return random.nextBoolean()
                ? some(() -> new BtfType.Member(name(), id(), size(), 0))
                : some(() -> new BtfType.Member(name(), id(), below(1 << 24), below(256)));
    }

    private List<BtfType.Enumerator> narrow() {
        return some(() -> new BtfType.Enumerator(name(), random.nextInt()));
    }

    private List<BtfType.Enumerator> wide() {
        return some(() -> new BtfType.Enumerator(name(), random.nextLong()));
    }

    private List<BtfType.Parameter> parameters() {
        return some(() -> new BtfType.Parameter(name(), id()));
    }

    private List<BtfType.Section> sections() {
        return some(() -> new BtfType.Section(id(), size(), size()));
    }
}
