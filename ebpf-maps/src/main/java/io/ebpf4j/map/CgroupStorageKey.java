// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

/**
 * The key of the values that programs at cgroups share ({@code struct bpf_cgroup_storage_key};
 * types {@code BPF_MAP_TYPE_CGROUP_STORAGE}, Linux 4.19, and {@code
 * BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE}, 4.20). Maps whose keys have 8 bytes (Linux 5.9) have the
 * inode number alone: open them with {@code Long.class}.
 *
 * <p>The elements come with the attachment of programs and go with the cgroup: user space reads and
 * replaces them, but creates and removes none.
 *
 * @param cgroupInodeId the inode number of the cgroup's directory
 * @param attachType number of the attach type, {@code enum bpf_attach_type}
 */
public record CgroupStorageKey(long cgroupInodeId, int attachType) {}
