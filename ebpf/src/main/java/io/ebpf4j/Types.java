// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfBuilder;
import io.ebpf4j.btf.BtfSubset;
import io.ebpf4j.btf.BtfType;
import io.ebpf4j.btf.FuncInfo;
import io.ebpf4j.btf.LineInfo;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.PermissionDeniedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.kernel.KernelBtf;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.program.BtfObject;
import io.ebpf4j.program.ProgramLoad;
import io.ebpf4j.relocation.LinkedProgram;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.MapSpec;
import io.ebpf4j.spec.MapType;

import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The types that one load uses, uploaded to the kernel: those of its maps' keys and values, and its
 * functions'.
 *
 * <p>The rest of an object's BTF, which is most of it, is not uploaded: the kernel checks every
 * type it is given.
 */
final class Types implements AutoCloseable {

    private final BtfSubset subset;
    private final BtfObject object;

    private Types(BtfSubset subset, BtfObject object) {
        this.subset = subset;
        this.object = object;
    }

    /**
     * Uploads what the maps and programs of a load refer to; nothing when the object has no BTF.
     *
     * @param all the object's types, or null when it has none
     * @param keepIds whether instructions hold ids of the object's types, so that all types before
     *     its data sections, which compilers write last, have to go with their ids
     */
    static Types upload(
            Kernel kernel,
            CollectionSpec spec,
            Btf all,
            List<Loader.Linked> programs,
            boolean keepIds) {
        if (all == null) {
            return new Types(null, null);
        }
        int[] used = types(spec, programs);
        BtfSubset subset =
                keepIds
                        ? BtfSubset.of(
                                define(all), withAllBeforeSections(all, used), strings(programs))
                        : BtfSubset.of(all, used, strings(programs));
        boolean empty = subset.btf().typeCount() == 1;
        return new Types(subset, empty ? null : load(kernel, spec, subset.btf()));
    }

    private static int[] types(CollectionSpec spec, List<Loader.Linked> programs) {
        // of a map and of the template of the maps inside it
        int count = 4 * spec.maps().size();
        for (Loader.Linked linked : programs) {
            count += linked.program().funcInfo().size();
        }
        int[] types = new int[count];
        int at = 0;
        for (MapSpec map : spec.maps().values()) {
            // whose types are the kernel's, but which are not created without any upload
            types[at++] = isStructOps(map) ? 1 : map.keyTypeId();
            types[at++] = map.valueTypeId();
            MapSpec inner = map.inner().orElse(null);
            types[at++] = inner == null ? 0 : inner.keyTypeId();
            types[at++] = inner == null ? 0 : inner.valueTypeId();
        }
        for (Loader.Linked linked : programs) {
            for (FuncInfo f : linked.program().funcInfo()) {
                types[at++] = f.type();
            }
        }
        return types;
    }

    /**
     * Makes external variables and functions typedefs, which nothing refers to: the kernel refuses
     * both without a definition (btf_var_check_meta, btf_func_check_meta), variables of type void,
     * and functions whose parameters have no names.
     */
    private static Btf define(Btf all) {
        BtfBuilder defined = BtfBuilder.edit(all);
        for (int id = 1; id < all.typeCount(); id++) {
            BtfType type = all.type(id);
            if (type instanceof BtfType.Var v && v.linkage() == BtfType.Var.EXTERN
                    || type instanceof BtfType.Func f && f.linkage() == BtfType.Func.EXTERN) {
                defined.set(id, new BtfType.Typedef(type.name(), 0));
            }
        }
        return defined.build(all.order());
    }

    private static int[] withAllBeforeSections(Btf all, int[] used) {
        int[] types = Arrays.copyOf(used, used.length + all.typeCount());
        for (int id = 1, at = used.length; id < all.typeCount(); id++, at++) {
            types[at] = all.type(id) instanceof BtfType.DataSec ? 0 : id;
        }
        return types;
    }

    private static int[] strings(List<Loader.Linked> programs) {
        int count = 0;
        for (Loader.Linked linked : programs) {
            count += 2 * linked.program().lineInfo().size();
        }
        int[] strings = new int[count];
        int at = 0;
        for (Loader.Linked linked : programs) {
            for (LineInfo l : linked.program().lineInfo()) {
                strings[at++] = l.fileOffset();
                strings[at++] = l.lineOffset();
            }
        }
        return strings;
    }

    private static boolean isStructOps(MapSpec map) {
        return map.type() == MapType.STRUCT_OPS && map.autocreate();
    }

    /**
     * A program runs without BTF, with less to read in its errors, so only a missing privilege ends
     * the load here, or a map that needs types.
     */
    private static BtfObject load(Kernel kernel, CollectionSpec spec, Btf btf) {
        try {
            return BtfObject.load(kernel, btf);
        } catch (PermissionDeniedException e) {
            throw e;
        } catch (BpfException e) {
            for (MapSpec map : spec.maps().values()) {
                if (isStructOps(map)) {
                    throw e;
                }
            }
            // fetched here, since finding the logger's provider takes longer than the upload
            LoggerFactory.getLogger(Types.class).debug("{} is loaded without BTF", spec.name(), e);
            return null;
        }
    }

    /** Creates a map whose key and value have their types in the kernel. */
    MapHandle create(Kernel kernel, MapSpec map) {
        return MapHandle.create(kernel, uploaded(map), object, btf());
    }

    /** Creates a map whose value has a type of the kernel's. */
    MapHandle create(Kernel kernel, MapSpec map, KernelBtf.Target valueType) {
        return MapHandle.createStructOps(kernel, map, object, valueType);
    }

    /** Opens a pinned map in place of creating one. */
    MapHandle open(Kernel kernel, MapSpec map, Path pin) {
        return MapHandle.fromPin(kernel, pin, uploaded(map), btf());
    }

    /** Opens another's map a second time in place of creating one. */
    MapHandle open(MapSpec map, MapHandle other) {
        return other.inPlaceOf(uploaded(map), btf());
    }

    /** Returns the map with the numbers that its types have in what was uploaded. */
    private MapSpec uploaded(MapSpec map) {
        if (subset == null) {
            return map;
        }
        MapSpec uploaded = map.copy();
        renumber(uploaded);
        if (uploaded.inner().isPresent()) {
            renumber(uploaded.inner().get());
        }
        return uploaded;
    }

    private void renumber(MapSpec map) {
        map.types(subset.type(map.keyTypeId()), subset.type(map.valueTypeId()));
    }

    private Btf btf() {
        return subset == null ? null : subset.btf();
    }

    /** Adds a program's functions and source lines to its load. */
    void describe(ProgramLoad.Builder load, LinkedProgram program) {
        if (object == null) {
            return;
        }
        List<FuncInfo> functions = new ArrayList<>(program.funcInfo().size());
        for (FuncInfo f : program.funcInfo()) {
            functions.add(subset.map(f));
        }
        List<LineInfo> lines = new ArrayList<>(program.lineInfo().size());
        for (LineInfo l : program.lineInfo()) {
            lines.add(subset.map(l));
        }
        load.btf(object, functions, lines);
    }

    /** Releases the load's hold; maps and programs keep their own. */
    @Override
    public void close() {
        if (object != null) {
            object.close();
        }
    }
}
