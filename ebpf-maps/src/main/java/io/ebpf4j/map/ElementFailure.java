// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.UnsupportedException;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;
import io.ebpf4j.sys.Failure;

/** Says in words why an operation on an element failed. */
final class ElementFailure {
    private ElementFailure() {}

    /** Says that a type of map has no such operation. */
    static UnsupportedException unsupported(MapHandle map, String what, boolean oneCpu) {
        String instead = "write zeros over it";
        if (oneCpu) {
            instead = "use a view of all CPUs";
        } else if (map.type() == MapType.LPM_TRIE) {
            instead = "read it, then remove it";
        }
        return new UnsupportedException(
                "cannot " + what + " in map " + map.name() + " of type " + map.type(), "", instead);
    }

    static BpfException of(
            MapHandle map, Operations operations, BpfCommand command, int errno, long flags) {
        String name = "map " + map.name();
        boolean update = command == BpfCommand.MAP_UPDATE_ELEM;
        if (update && errno == Errno.E2BIG) {
            String what =
                    operations.array()
                            ? ": the key is not less than "
                            : " is full: it holds at most ";
            return new BpfException(
                    name + what + Integer.toUnsignedString(map.maxEntries()),
                    command.kernelName(),
                    errno);
        }
        if (command == BpfCommand.MAP_LOOKUP_AND_DELETE_ELEM
                && (errno == Errno.EINVAL || errno == Errno.ENOTSUPP)) {
            return new UnsupportedException(
                    "reading and removing an element at once in " + name + " of type " + map.type(),
                    operations.lookupAndDelete(),
                    "get and delete it, where nobody updates it in between",
                    command.kernelName(),
                    errno);
        }
        if (update && errno == Errno.EPERM && map.frozen()) {
            return frozen(map, command);
        }
        String what = what(command).concat(name);
        return Failure.of(
                command,
                errno,
                errno == Errno.EINVAL && flags == BpfMap.LOCK
                        ? what
                                + " under a lock, which its values have only if their type, with"
                                + " its struct bpf_spin_lock, was given at the map's creation"
                        : what);
    }

    /**
     * Explains a failure in a map of values in line, or of values to ask for.
     *
     * @param what the beginning of the message, which the map's name follows
     */
    static BpfException of(MapHandle map, BpfCommand command, int errno, String what) {
        boolean update = command == BpfCommand.MAP_UPDATE_ELEM;
        if (update && errno == Errno.E2BIG) {
            return new BpfException(
                    "map "
                            + map.name()
                            + " is full: it holds at most "
                            + Integer.toUnsignedString(map.maxEntries()),
                    command.kernelName(),
                    errno);
        }
        return update && errno == Errno.EPERM && map.frozen()
                ? frozen(map, command)
                : Failure.of(command, errno, what.concat(map.name()));
    }

    private static BpfException frozen(MapHandle map, BpfCommand command) {
        return new BpfException(
                "map " + map.name() + " is frozen; user space cannot write it",
                command.kernelName(),
                Errno.EPERM);
    }

    private static String what(BpfCommand command) {
        return switch (command) {
            case MAP_LOOKUP_ELEM, MAP_LOOKUP_BATCH -> "cannot read an element of ";
            case MAP_UPDATE_ELEM, MAP_UPDATE_BATCH -> "cannot write an element of ";
            case MAP_DELETE_ELEM, MAP_DELETE_BATCH -> "cannot remove an element of ";
            case MAP_LOOKUP_AND_DELETE_ELEM, MAP_LOOKUP_AND_DELETE_BATCH ->
                    "cannot read and remove an element of ";
            case MAP_GET_NEXT_KEY -> "cannot walk over the keys of ";
            default -> "cannot use ";
        };
    }
}
