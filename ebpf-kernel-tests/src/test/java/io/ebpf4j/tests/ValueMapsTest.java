// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.map.BloomFilter;
import io.ebpf4j.map.BpfMap;
import io.ebpf4j.map.BpfQueue;
import io.ebpf4j.map.InstructionArray;
import io.ebpf4j.map.IpPrefix;
import io.ebpf4j.map.LpmKey;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.Errno;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Maps of values that user space fills on its own: queues, filters, tries. */
@KernelTest
class ValueMapsTest {
    private final Kernel kernel = Kernel.shared();

    record Event(int pid, long time) {}

    @Test
    void aQueueHandsOutTheOldestFirst() {
        try (MapHandle map = create(MapSpec.of("line", MapType.QUEUE, 0, 16, 3))) {
            BpfQueue<Event> line = BpfQueue.of(map, Event.class);
            assertThat(line.pop()).isNull();
            assertThat(line.peek()).isNull();
            for (int i = 1; i <= 3; i++) {
                line.push(new Event(i, 10L * i));
            }
            assertThat(line.offer(new Event(4, 0))).isFalse();
            assertThatThrownBy(() -> line.push(new Event(4, 0)))
                    .isInstanceOfSatisfying(
                            BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.E2BIG))
                    .hasMessage("map line is full: it holds at most 3");
            line.pushDroppingOldest(new Event(5, 50));
            assertThat(line.peek()).isEqualTo(new Event(2, 20));
            assertThat(line.pop()).isEqualTo(new Event(2, 20));
            assertThat(line.offer(new Event(6, 60))).isTrue();
            assertThat(List.of(line.pop().pid(), line.pop().pid(), line.pop().pid()))
                    .containsExactly(3, 5, 6);
            assertThat(line.pop()).isNull();
        }
    }

    @Test
    void aStackHandsOutTheNewestFirst() {
        try (MapHandle map = create(MapSpec.of("pile", MapType.STACK, 0, 8, 3))) {
            BpfQueue<Long> pile = BpfQueue.of(map, Long.class);
            for (long i = 1; i <= 3; i++) {
                pile.push(i);
            }
            pile.pushDroppingOldest(4L);
            assertThat(pile.peek()).isEqualTo(4);
            assertThat(List.of(pile.pop(), pile.pop(), pile.pop())).containsExactly(4L, 3L, 2L);
            assertThat(pile.pop()).isNull();
        }
    }

    @Test
    @Requires(kernel = "5.16")
    void aBloomFilterKnowsWhatWasAdded() {
        try (MapHandle map =
                create(MapSpec.of("seen", MapType.BLOOM_FILTER, 0, 8, 1000).mapExtra(3))) {
            BloomFilter<Long> seen = BloomFilter.of(map, Long.class);
            for (long i = 0; i < 1000; i++) {
                seen.add(7 * i);
            }
            for (long i = 0; i < 1000; i++) {
                assertThat(seen.mightContain(7 * i)).isTrue();
            }
            int wrong = 0;
            for (long i = 0; i < 1000; i++) {
                wrong += seen.mightContain(7 * i + 1) ? 1 : 0;
            }
            assertThat(wrong).isLessThan(500);
            assertThat(map.info().mapExtra()).isEqualTo(3);
        }
    }

    @Test
    void aTrieFindsTheLongestPrefix() {
        try (MapHandle map = create(trie("routes", 8))) {
            BpfMap<IpPrefix, Integer> routes = map.openPrefixes(Integer.class);
            routes.put(IpPrefix.parse("10.0.0.0/8"), 8);
            routes.put(IpPrefix.parse("10.1.0.0/16"), 16);
            routes.put(IpPrefix.parse("10.1.2.3"), 32);
            assertThat(routes.get(IpPrefix.parse("10.1.2.3"))).isEqualTo(32);
            assertThat(routes.get(IpPrefix.parse("10.1.2.4"))).isEqualTo(16);
            assertThat(routes.get(IpPrefix.parse("10.2.0.1"))).isEqualTo(8);
            assertThat(routes.get(IpPrefix.parse("11.0.0.1"))).isNull();
            assertThat(routes.get(IpPrefix.parse("10.1.2.3/12"))).isEqualTo(8);
            assertThat(routes.delete(IpPrefix.parse("10.1.0.0/12"))).isFalse();
            assertThat(routes.delete(IpPrefix.parse("10.1.0.0/16"))).isTrue();
            assertThat(routes.get(IpPrefix.parse("10.1.2.4"))).isEqualTo(8);
            routes.put(IpPrefix.parse("0.0.0.0/0"), 0);
            assertThat(routes.get(IpPrefix.parse("11.0.0.1"))).isZero();
            Set<String> all = new HashSet<>();
            routes.forEach((prefix, value) -> all.add(prefix + "=" + value));
            assertThat(all)
                    .containsExactlyInAnyOrder("0.0.0.0/0=0", "10.0.0.0/8=8", "10.1.2.3/32=32");
            assertThatThrownBy(() -> routes.put(IpPrefix.parse("2001:db8::/32"), 1))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("addresses of 4 bytes");
            assertThatThrownBy(routes::asConcurrentMap).isInstanceOf(UnsupportedException.class);
            assertThatThrownBy(() -> routes.lookupAndDelete(IpPrefix.parse("10.1.2.3")))
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("read it, then remove it");
        }
    }

    @Test
    void aTrieOfLongAddressesIsWalkedInBatches() {
        try (MapHandle map = create(trie("routes6", 20))) {
            BpfMap<IpPrefix, Integer> routes = map.openPrefixes(Integer.class);
            List<IpPrefix> prefixes = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                prefixes.add(
                        new IpPrefix(
                                InetAddress.ofLiteral("2001:db8:" + Integer.toHexString(i) + "::"),
                                48));
                routes.put(prefixes.get(i), i);
            }
            Set<IpPrefix> walked = new HashSet<>();
            routes.forEach((prefix, value) -> walked.add(prefix));
            assertThat(walked).isEqualTo(Set.copyOf(prefixes));
            assertThat(routes.get(IpPrefix.parse("2001:db8:12b:ffff::1"))).isEqualTo(299);
            assertThat(routes.deleteAll(prefixes.subList(0, 200))).isEqualTo(200);
            assertThat(routes.size()).isEqualTo(100);
            routes.clear();
            assertThat(routes).isEmpty();
        }
    }

    record Name(byte a, byte b, short c) {}

    @Test
    void aTrieOfAnyData() {
        try (MapHandle map = create(trie("names", 8))) {
            BpfMap<LpmKey<Name>, Integer> names = map.openLpm(Name.class, Integer.class);
            names.put(new LpmKey<>(8, new Name((byte) 1, (byte) 0, (short) 0)), 1);
            names.put(new LpmKey<>(16, new Name((byte) 1, (byte) 2, (short) 0)), 2);
            assertThat(names.get(new LpmKey<>(32, new Name((byte) 1, (byte) 2, (short) 77))))
                    .isEqualTo(2);
            assertThat(names.get(new LpmKey<>(32, new Name((byte) 1, (byte) 3, (short) 77))))
                    .isEqualTo(1);
            assertThatThrownBy(() -> map.openLpm(Long.class, Integer.class))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("the keys of map names have 8 bytes");
        }
    }

    @Test
    @Requires(kernel = "6.19")
    void anInstructionArrayKeepsWhatIsWritten() {
        try (MapHandle map = create(MapSpec.of("places", MapType.INSN_ARRAY, 4, 16, 4))) {
            InstructionArray places = InstructionArray.of(map);
            places.set(2, 5);
            assertThat(places.get(2)).isEqualTo(new InstructionArray.Place(5, 0, 0, 0));
            assertThat(places.get(4)).isNull();
            assertThat(places.size()).isEqualTo(4);
            map.freeze();
            assertThatThrownBy(() -> places.set(2, 6))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("is frozen");
        }
    }

    @Test
    void theWrongViewIsRefusedAndTheRightOneNamed() {
        try (MapHandle queue = create(MapSpec.of("line", MapType.QUEUE, 0, 8, 3));
                MapHandle hash = create(MapSpec.of("counts", MapType.HASH, 4, 8, 3))) {
            assertThatThrownBy(() -> queue.open(Integer.class, Long.class))
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessage(
                            "map line of type QUEUE has no keys and values but values in line; open"
                                    + " it by BpfQueue.of");
            assertThatThrownBy(() -> BpfQueue.of(hash, Long.class))
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessage(
                            "map counts of type HASH has no values in line but keys and values;"
                                    + " open it by MapHandle.open or openPerCpu");
            assertThatThrownBy(() -> hash.openPrefixes(Long.class))
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("LPM_TRIE");
        }
    }

    private static MapSpec trie(String name, int keySize) {
        return MapSpec.of(name, MapType.LPM_TRIE, keySize, 4, 1000).flags(MapSpec.NO_PREALLOC);
    }

    private MapHandle create(MapSpec spec) {
        return MapHandle.create(kernel, spec, null, null);
    }
}
