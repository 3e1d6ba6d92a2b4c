// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.btf.Btf;
import io.ebpf4j.btf.BtfSubset;
import io.ebpf4j.btf.FuncInfo;
import io.ebpf4j.btf.LineInfo;
import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.PermissionDeniedException;
import io.ebpf4j.kernel.Kernel;
import io.ebpf4j.map.MapHandle;
import io.ebpf4j.program.BtfObject;
import io.ebpf4j.program.ProgramLoad;
import io.ebpf4j.relocation.LinkedProgram;
import io.ebpf4j.spec.CollectionSpec;
import io.ebpf4j.spec.MapSpec;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The types that one load uses, uploaded to the kernel: those of its maps' keys and values, and its
 * functions'.
 *
 * <p>The rest of an object's BTF, which is most of it, is not uploaded: the kernel checks every
 * type it is given.
 */
final class Types implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Types.class);

    private final BtfSubset subset;
    private final BtfObject object;

    private Types(BtfSubset subset, BtfObject object) {
        this.subset = subset;
        this.object = object;
    }

    /**
     * Uploads what the maps and programs of a load refer to; nothing when the object has no BTF.
     */
    static Types upload(Kernel kernel, CollectionSpec spec, List<Loader.Linked> programs) {
        if (spec.btf().isEmpty()) {
            return new Types(null, null);
        }
        IntStream.Builder types = IntStream.builder();
        IntStream.Builder strings = IntStream.builder();
        for (MapSpec map : spec.maps().values()) {
            types.add(map.keyTypeId());
            types.add(map.valueTypeId());
        }
        for (Loader.Linked linked : programs) {
            for (FuncInfo f : linked.program().funcInfo()) {
                types.add(f.type());
            }
            for (LineInfo l : linked.program().lineInfo()) {
                strings.add(l.fileOffset());
                strings.add(l.lineOffset());
            }
        }
        BtfSubset subset =
                BtfSubset.of(spec.btf().get(), types.build().toArray(), strings.build().toArray());
        return new Types(subset, load(kernel, spec.name(), subset.btf()));
    }

    /**
     * A program runs without BTF, with less to read in its errors, so only a missing privilege ends
     * the load here.
     */
    private static BtfObject load(Kernel kernel, String name, Btf btf) {
        try {
            return BtfObject.load(kernel, btf);
        } catch (PermissionDeniedException e) {
            throw e;
        } catch (BpfException e) {
            LOG.debug("{} is loaded without BTF", name, e);
            return null;
        }
    }

    /** Creates a map whose key and value have their types in the kernel. */
    MapHandle create(Kernel kernel, MapSpec map) {
        if (subset == null) {
            return MapHandle.create(kernel, map, null, null);
        }
        MapSpec uploaded =
                map.copy().types(subset.type(map.keyTypeId()), subset.type(map.valueTypeId()));
        return MapHandle.create(kernel, uploaded, object, subset.btf());
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
