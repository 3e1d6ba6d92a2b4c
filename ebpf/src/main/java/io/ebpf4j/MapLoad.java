// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.program.Program;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;
import io.ebpf4j.sys.BpfCommand;
import io.ebpf4j.sys.Errno;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The maps of one load: given by the caller, found under their pin, or created, filled and pinned.
 *
 * <p>A map gets its pin only when it is filled, since others may open it from then on; so maps come
 * before the maps of maps that hold them. Program arrays are the exception: programs refer to them,
 * so what is found under their pin has to be known before there is a program to fill them with.
 */
final class MapLoad {
    private static final String MOUNT = "mount -t bpf bpf /sys/fs/bpf";

    private final CollectionSpec spec;
    private final LoadOptions options;
    private final StructOps structOps;
    private final Map<String, MapHandle> maps = new LinkedHashMap<>();
    private final Map<Path, MapHandle> pinned = new LinkedHashMap<>();
    private Types types;

    /** Checks what can be checked before the kernel is asked for anything. */
    MapLoad(CollectionSpec spec, LoadOptions options, StructOps structOps) {
        this.spec = spec;
        this.options = options;
        this.structOps = structOps;
        for (String name : options.reused().keySet()) {
            if (!spec.maps().containsKey(name)) {
                throw new BpfException(
                        spec.source()
                                + ": there is no map \""
                                + name
                                + "\" to reuse another for, only "
                                + spec.maps().keySet());
            }
        }
    }

    /** Returns the structures of programs that are among the maps. */
    StructOps structOps() {
        return structOps;
    }

    /**
     * Returns all maps but those left out, in the order of the spec; {@link #undo} gives them back.
     */
    Map<String, MapHandle> obtain(Types uploaded) {
        types = uploaded;
        for (MapSpec map : spec.maps().values()) {
            if (map.autocreate() && !holdsMaps(map)) {
                maps.put(map.name(), obtain(map));
            }
        }
        Map<String, MapHandle> ordered = new LinkedHashMap<>();
        for (MapSpec map : spec.maps().values()) {
            if (map.autocreate() && holdsMaps(map)) {
                maps.put(map.name(), obtain(map));
            }
            if (map.autocreate()) {
                ordered.put(map.name(), maps.get(map.name()));
            }
        }
        return ordered;
    }

    /** Fills the program arrays, those that are reused too: their programs are of this load. */
    void fill(Map<String, Program> programs) {
        for (MapSpec map : spec.maps().values()) {
            if (Slots.ofPrograms(map) && map.autocreate()) {
                Slots.fillPrograms(maps.get(map.name()), map, programs);
            }
        }
    }

    /** Unpins what this load pinned, and closes all maps. */
    void undo(Throwable failure) {
        for (Map.Entry<Path, MapHandle> pin : pinned.entrySet()) {
            try {
                pin.getValue().unpin(pin.getKey());
            } catch (RuntimeException e) {
                failure.addSuppressed(e);
            }
        }
        Closing.all(maps.values(), failure);
    }

    private static boolean holdsMaps(MapSpec map) {
        return !map.slots().isEmpty() && !Slots.ofPrograms(map);
    }

    private MapHandle obtain(MapSpec map) {
        MapHandle given = options.reused().get(map.name());
        if (given != null) {
            return types.open(map, given);
        }
        if (map.pinning() == MapSpec.Pinning.NONE) {
            return create(map);
        }
        Path path = path(map.name());
        MapHandle there = open(map, path);
        if (there != null) {
            return there;
        }
        MapHandle created = create(map);
        if (pin(created, path)) {
            return created;
        }
        // another process was faster
        created.close();
        there = open(map, path);
        if (there == null) {
            throw new BpfException(
                    "cannot pin map \""
                            + map.name()
                            + "\": "
                            + path
                            + " comes and goes; another process pins and removes it");
        }
        return there;
    }

    private MapHandle create(MapSpec map) {
        MapHandle created =
                map.type() == MapType.STRUCT_OPS
                        ? types.create(options.kernel(), map, structOps.valueType(map))
                        : types.create(options.kernel(), map);
        try {
            if (holdsMaps(map)) {
                Slots.fillMaps(created, map, maps);
            }
            return created;
        } catch (Throwable t) {
            created.close();
            throw t;
        }
    }

    /** Returns the map that is pinned there, or null if none is. */
    private MapHandle open(MapSpec map, Path path) {
        try {
            return types.open(options.kernel(), map, path);
        } catch (BpfException e) {
            if (e.errno() == Errno.ENOENT && BpfCommand.OBJ_GET.kernelName().equals(e.command())) {
                return null;
            }
            throw e;
        }
    }

    /** Returns false if the name is taken; closes the map if it cannot be pinned at all. */
    private boolean pin(MapHandle map, Path path) {
        try {
            map.pin(path);
            pinned.put(path, map);
            return true;
        } catch (BpfException e) {
            if (e.errno() == Errno.EEXIST) {
                return false;
            }
            map.close();
            throw explain(e, map, path);
        } catch (Throwable t) {
            map.close();
            throw t;
        }
    }

    private static BpfException explain(BpfException e, MapHandle map, Path path) {
        Path folder = path.getParent();
        String why;
        if (e.errno() == Errno.ENOENT) {
            why = "there is no folder " + folder + "; make it in a bpf file system (" + MOUNT + ")";
        } else if (e.errno() == Errno.EPERM && !isBpf(folder)) {
            why = folder + " is in no bpf file system; mount one (" + MOUNT + ")";
        } else {
            return e;
        }
        BpfException explained =
                new BpfException(
                        "cannot pin map \""
                                + map.name()
                                + "\" by name: "
                                + why
                                + ", and name a folder in it with LoadOptions.builder().pinRoot(…)",
                        e.command(),
                        e.errno());
        explained.initCause(e);
        return explained;
    }

    private static boolean isBpf(Path folder) {
        try {
            return "bpf".equals(Files.getFileStore(folder).type());
        } catch (IOException e) {
            return false;
        }
    }

    /** The file system keeps names with dots to itself (kernel/bpf/inode.c, bpf_lookup). */
    private Path path(String map) {
        return options.pinRoot().resolve(map.replace('.', '_').replace('/', '_'));
    }
}
