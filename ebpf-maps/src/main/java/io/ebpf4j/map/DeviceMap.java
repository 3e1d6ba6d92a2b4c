// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.program.Program;

/**
 * The network devices that XDP programs redirect frames to, by index ({@code BPF_MAP_TYPE_DEVMAP},
 * Linux 4.14) or by any number ({@code BPF_MAP_TYPE_DEVMAP_HASH}, 5.4).
 *
 * <p>A device that goes away leaves the map. Safe for use by several threads; it ends with its map.
 */
public final class DeviceMap {
    private final PairMap devices;

    private DeviceMap(PairMap devices) {
        this.devices = devices;
    }

    /**
     * A device, and the program that runs for each frame that is sent to it.
     *
     * @param index the device's index, see {@link java.net.NetworkInterface#getIndex}
     * @param programId the id of the program, or 0 for none
     */
    public record Device(int index, int programId) {}

    /**
     * Opens a map of devices.
     *
     * @param map a map of type DEVMAP or DEVMAP_HASH; its values have 4 bytes, or 8 with room for a
     *     program (Linux 5.8)
     * @return the view; it ends with the map
     * @throws BpfException if its values have another size
     * @throws io.ebpf4j.error.UnsupportedException if the map is of another type
     */
    public static DeviceMap of(MapHandle map) {
        return new DeviceMap(PairMap.of(View.DEVICES, map));
    }

    /**
     * Puts a device in, in place of what is there.
     *
     * @param key where
     * @param device the device's index
     * @throws BpfException if there is no such device (errno EINVAL or ENODEV) or slot, the map is
     *     full, or the kernel refuses
     */
    public void put(int key, int device) {
        devices.put(key, device);
    }

    /**
     * Puts a device in with a program that runs for each frame on its way to it (Linux 5.8).
     *
     * @param key where
     * @param device the device's index
     * @param program an XDP program that was loaded with the attach type {@code BPF_XDP_DEVMAP}
     * @throws BpfException if there is no such device or slot, the map is full, its values have no
     *     room for a program, the program is of another kind (errno EINVAL), or the kernel refuses
     */
    public void put(int key, int device, Program program) {
        devices.put(key, device, program);
    }

    /**
     * Reads what is at a key.
     *
     * @param key where
     * @return the device, or null if there is none
     * @throws BpfException if the kernel refuses
     */
    public Device get(int key) {
        long pair = devices.get(key);
        return pair == 0 ? null : new Device((int) pair, (int) (pair >>> Integer.SIZE));
    }

    /**
     * Takes a device out.
     *
     * @param key where
     * @return false if the kernel says that there was none; of a map by index it says so never
     * @throws BpfException if there is no such slot, or the kernel refuses
     */
    public boolean remove(int key) {
        return devices.remove(key);
    }

    /** Names the map, its type and sizes. */
    @Override
    public String toString() {
        return devices.toString();
    }
}
