// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.Collection;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.link.Link;
import io.ebpf4j.link.LinkInfo;
import io.ebpf4j.link.LinkType;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.sys.Errno;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/** The kernel calls the programs of structures that are registered, and not of others. */
@KernelTest
@Requires(Requirement.BTF)
class StructOpsTest {
    private static final int CHUNKS = 20;

    /** Only the structures of these names are created. */
    private static CollectionSpec spec(String... maps) {
        CollectionSpec spec = Objects.spec("struct_ops");
        Set<String> wanted = Set.of(maps);
        for (MapSpec map : spec.maps().values()) {
            map.autocreate(map.internal() || wanted.contains(map.name()));
        }
        return spec;
    }

    private static long value(Collection c, String variable) {
        return c.variable(variable, long.class).get();
    }

    @Test
    void aStructureIsRegisteredByItsValue() throws Throwable {
        try (Collection c = Collection.load(spec("by_value"))) {
            assertThat(Tcp.controls()).doesNotContain("ebpf4j_value");
            try (Link link = c.attachStructOps("by_value")) {
                assertThat(Tcp.controls()).contains("ebpf4j_value");
                Tcp.send("ebpf4j_value", CHUNKS);
                assertThat(link.info().type()).isEqualTo(LinkType.UNSPEC);
                AttachMatrix.seen("struct_ops", AttachMatrix.By.MAP);
                assertThatThrownBy(() -> c.attachStructOps("by_value"))
                        .isInstanceOf(BpfException.class)
                        .hasMessageContaining("by_value");
            }
            assertThat(Tcp.controls()).doesNotContain("ebpf4j_value");
            assertThat(value(c, "inits")).isEqualTo(1);
            assertThat(value(c, "acknowledgements")).isPositive();
            assertThat(value(c, "window")).isPositive();
        }
    }

    @Test
    @Requires(kernel = "6.4")
    void aStructureIsRegisteredByALink() throws Throwable {
        try (Collection c = Collection.load(spec("by_link"))) {
            for (int i = 1; i <= 2; i++) {
                Link link = c.attachStructOps("by_link");
                assertThat(link.info().type()).isEqualTo(LinkType.STRUCT_OPS);
                AttachMatrix.seen("struct_ops", AttachMatrix.By.LINK);
                assertThat(link.info().detail())
                        .isEqualTo(new LinkInfo.StructOps(c.map("by_link").info().id()));
                Tcp.send("ebpf4j_link", CHUNKS);
                link.close();
                assertThat(Tcp.controls()).doesNotContain("ebpf4j_link");
                assertThat(value(c, "inits")).isEqualTo(i);
            }
            assertThat(value(c, "acknowledgements")).isPositive();
        }
    }

    @Test
    @Requires(kernel = "6.4")
    void anotherStructureTakesThePlaceOfOne() throws Throwable {
        try (Collection c = Collection.load(spec("by_link", "by_update"))) {
            Link link = c.attachStructOps("by_link");
            Tcp.send("ebpf4j_link", CHUNKS);
            int id = link.info().id();
            c.updateStructOps(link, "by_update");
            assertThat(link.info().id()).isEqualTo(id);
            assertThat(link.info().detail())
                    .isEqualTo(new LinkInfo.StructOps(c.map("by_update").info().id()));
            Tcp.send("ebpf4j_link", CHUNKS);
            assertThat(value(c, "inits")).isEqualTo(1);
            assertThat(value(c, "other_inits")).isEqualTo(1);
            c.updateStructOps(link, "by_link");
            Tcp.send("ebpf4j_link", CHUNKS);
            assertThat(value(c, "inits")).isEqualTo(2);
            assertThat(value(c, "other_inits")).isEqualTo(1);
            assertThatThrownBy(() -> c.updateStructOps(link, "by_update", "by_update"))
                    .isInstanceOfSatisfying(
                            BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EPERM))
                    .hasMessageContaining("another map than the expected is there");
            assertThat(link.info().detail())
                    .isEqualTo(new LinkInfo.StructOps(c.map("by_link").info().id()));
            c.updateStructOps(link, "by_update", "by_link");
            assertThat(link.info().detail())
                    .isEqualTo(new LinkInfo.StructOps(c.map("by_update").info().id()));
            assertThatThrownBy(() -> link.update(c.program("count_init")))
                    .isInstanceOf(BpfException.class);
            link.close();
            assertThat(Tcp.controls()).doesNotContain("ebpf4j_link");
        }
    }

    @Test
    @Requires(kernel = "6.4")
    void aStructureOfAnotherNameDoesNotTakeThePlace() throws Throwable {
        CollectionSpec spec = spec("by_link", "by_update");
        spec.map("by_update").contents()[0] = 'E';
        try (Collection c = Collection.load(spec)) {
            Link link = c.attachStructOps("by_link");
            assertThatThrownBy(() -> c.updateStructOps(link, "by_update"))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("by_update");
            Tcp.send("ebpf4j_link", CHUNKS);
            assertThat(value(c, "inits")).isEqualTo(1);
        }
    }

    @Test
    void aStructureThatIsRegisteredByItsValueIsNotReplaced() {
        try (Collection c = Collection.load(spec("by_value"))) {
            Link link = c.attachStructOps("by_value");
            assertThatThrownBy(() -> c.updateStructOps(link, "by_value"))
                    .isInstanceOfSatisfying(
                            UnsupportedException.class,
                            e -> assertThat(e.minimumKernel()).isEqualTo("6.4"));
        }
    }

    @Test
    void attachingAllRegistersAllAndClosingEndsAll() throws Throwable {
        CollectionSpec spec = spec("by_value", "on_demand");
        try (Collection c = Collection.load(spec)) {
            assertThat(c.programs()).containsKeys("same", "other", "count_init");
            assertThat(c.attach()).hasSize(2);
            assertThat(Tcp.controls()).contains("ebpf4j_value", "ebpf4j_demand");
        }
        assertThat(Tcp.controls()).doesNotContain("ebpf4j_value", "ebpf4j_demand");
    }

    @Test
    void programsOfStructuresThatAreLeftOutAreNotLoaded() {
        try (Collection c = Collection.load(spec("on_demand"))) {
            assertThat(c.programs()).containsOnlyKeys("count_acks", "half", "other");
            assertThat(c.maps()).containsKey("on_demand").doesNotContainKey("by_value");
            assertThatThrownBy(() -> c.attachStructOps("by_value"))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("by_value");
        }
    }

    @Test
    void theStructureIsWhatTheSpecSaysWhenLoaded() throws Throwable {
        CollectionSpec spec = spec("by_value");
        byte[] name = "ebpf4j_edited".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(name, 0, spec.map("by_value").contents(), 0, name.length);
        spec.map("by_value").functions().remove("init");
        try (Collection c = Collection.load(spec)) {
            assertThat(c.programs()).doesNotContainKey("count_init");
            c.attachStructOps("by_value");
            Tcp.send("ebpf4j_edited", CHUNKS);
            assertThat(value(c, "inits")).isZero();
            assertThat(value(c, "acknowledgements")).isPositive();
        }
    }

    @Test
    void aMemberThatTheKernelLacksMustNotBeSet() {
        CollectionSpec data = spec("by_value");
        data.map("by_value").contents()[16] = 1;
        assertThatThrownBy(() -> Collection.load(data).close())
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("no_such_member");
        CollectionSpec function = spec("by_value");
        function.map("by_value").functions().put("no_such_function", "count_init");
        assertThatThrownBy(() -> Collection.load(function).close())
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("no_such_function");
    }

    @Test
    void aStructureThatTheSubsystemRefusesIsNotRegistered() throws Exception {
        CollectionSpec spec = spec("by_value");
        spec.map("by_value").functions().remove("ssthresh");
        try (Collection c = Collection.load(spec)) {
            assertThatThrownBy(() -> c.attachStructOps("by_value"))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("cannot register struct_ops map by_value");
            assertThat(Tcp.controls()).doesNotContain("ebpf4j_value");
        }
    }

    @Test
    void aKernelWithoutLinksOfStructuresIsNamed() {
        CollectionSpec spec = spec("by_link");
        if (Requirement.atLeast("6.4")) {
            Collection.load(spec).close();
        } else {
            assertThatThrownBy(() -> Collection.load(spec).close())
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("6.4")
                    .hasMessageContaining("SEC(\".struct_ops\")");
        }
    }
}
