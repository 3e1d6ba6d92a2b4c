// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.sys;

/**
 * What BPF_MAP_CREATE takes.
 *
 * @param type {@code BPF_MAP_TYPE_*}
 * @param keySize bytes of a key
 * @param valueSize bytes of a value
 * @param maxEntries most elements
 * @param flags {@code BPF_F_*}
 * @param innerMapFd a map like those that will be stored, or 0
 * @param numaNode the memory node; read by the kernel only with BPF_F_NUMA_NODE
 * @param name the name shown by the kernel: at most 15 of its characters, see {@link KernelName};
 *     may be empty
 * @param btfFd descriptor of the BTF that has the types, or 0
 * @param btfKeyTypeId the key's type, or 0
 * @param btfValueTypeId the value's type, or 0
 * @param vmlinuxValueTypeId for struct_ops: the value's type in kernel BTF, or 0
 * @param mapExtra what a map type makes of it, or 0; Linux 5.16
 * @param valueTypeBtfObjFd for struct_ops of a module: its BTF, or 0; Linux 6.9
 */
public record MapCreate(
        int type,
        int keySize,
        int valueSize,
        int maxEntries,
        int flags,
        int innerMapFd,
        int numaNode,
        String name,
        int btfFd,
        int btfKeyTypeId,
        int btfValueTypeId,
        int vmlinuxValueTypeId,
        long mapExtra,
        int valueTypeBtfObjFd) {

    /**
     * Describes a plain map.
     *
     * @param type {@code BPF_MAP_TYPE_*}
     * @param keySize bytes of a key
     * @param valueSize bytes of a value
     * @param maxEntries most elements
     * @param flags {@code BPF_F_*}
     * @param name the name shown by the kernel; may be empty
     * @return the request
     */
    public static MapCreate of(
            int type, int keySize, int valueSize, int maxEntries, int flags, String name) {
        return new MapCreate(
                type, keySize, valueSize, maxEntries, flags, 0, 0, name, 0, 0, 0, 0, 0, 0);
    }

    /**
     * Leaves the types out, for kernels or map types that refuse them.
     *
     * @return a request without BTF
     */
    public MapCreate withoutBtf() {
        return withBtf(0, 0, 0);
    }

    /**
     * Names other types of key and value.
     *
     * @param fd descriptor of the BTF that has the types, or 0
     * @param keyTypeId the key's type, or 0
     * @param valueTypeId the value's type, or 0
     * @return a request with these types, and none of the kernel's
     */
    public MapCreate withBtf(int fd, int keyTypeId, int valueTypeId) {
        return new MapCreate(
                type,
                keySize,
                valueSize,
                maxEntries,
                flags,
                innerMapFd,
                numaNode,
                name,
                fd,
                keyTypeId,
                valueTypeId,
                0,
                mapExtra,
                0);
    }

    Attr attr() {
        return Attr.begin(AttrLayout.MapCreate.BYTES)
                .set(AttrLayout.MapCreate.MAP_TYPE, type)
                .set(AttrLayout.MapCreate.KEY_SIZE, keySize)
                .set(AttrLayout.MapCreate.VALUE_SIZE, valueSize)
                .set(AttrLayout.MapCreate.MAX_ENTRIES, maxEntries)
                .set(AttrLayout.MapCreate.MAP_FLAGS, flags)
                .set(AttrLayout.MapCreate.INNER_MAP_FD, innerMapFd)
                .set(AttrLayout.MapCreate.NUMA_NODE, numaNode)
                .text(AttrLayout.MapCreate.MAP_NAME, name)
                .set(AttrLayout.MapCreate.BTF_FD, btfFd)
                .set(AttrLayout.MapCreate.BTF_KEY_TYPE_ID, btfKeyTypeId)
                .set(AttrLayout.MapCreate.BTF_VALUE_TYPE_ID, btfValueTypeId)
                .set(AttrLayout.MapCreate.BTF_VMLINUX_VALUE_TYPE_ID, vmlinuxValueTypeId)
                .set(AttrLayout.MapCreate.MAP_EXTRA, mapExtra)
                .set(AttrLayout.MapCreate.VALUE_TYPE_BTF_OBJ_FD, valueTypeBtfObjFd);
    }
}
