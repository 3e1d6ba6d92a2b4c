// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.PermissionDeniedException;
import io.ebpf4j.kernel.BpfToken;
import io.ebpf4j.spec.CollectionSpec;

import java.nio.file.Path;
import java.util.function.Function;

/**
 * Chooses the rights to load with: those of the process, or those that a bpf file system delegates,
 * because the options say so, or because the process's own were refused and count for nothing.
 */
final class Delegation {
    private static final Path BPFFS = Path.of("/sys/fs/bpf");

    private static final Function<Loader, Collection> LOAD =
            new Function<>() {
                @Override
                public Collection apply(Loader loader) {
                    return loader.load();
                }
            };
    private static final Function<Loader, PreparedCollection> PREPARE =
            new Function<>() {
                @Override
                public PreparedCollection apply(Loader loader) {
                    return loader.prepare();
                }
            };

    private Delegation() {}

    static Collection load(CollectionSpec spec, LoadOptions options) {
        return run(spec, options, LOAD);
    }

    static PreparedCollection prepare(CollectionSpec spec, LoadOptions options) {
        return run(spec, options, PREPARE);
    }

    private static <T> T run(CollectionSpec spec, LoadOptions options, Function<Loader, T> step) {
        if (options.token().isPresent()) {
            BpfToken token = BpfToken.create(options.kernel(), options.token().get());
            return run(spec, options, step, token);
        }
        try {
            return step.apply(new Loader(spec.copy(), options));
        } catch (PermissionDeniedException refused) {
            BpfToken token = offered(options, refused);
            if (token == null) {
                throw refused;
            }
            return run(spec, options, step, token);
        }
    }

    private static <T> T run(
            CollectionSpec spec, LoadOptions options, Function<Loader, T> step, BpfToken token) {
        try {
            return step.apply(new Loader(spec.copy(), options.in(token.kernel()), token));
        } catch (RuntimeException | Error e) {
            token.close();
            throw e;
        }
    }

    /** Returns the token of the usual file system, or null where there is none to be had. */
    private static BpfToken offered(LoadOptions options, PermissionDeniedException refused) {
        if (options.kernel().inInitialUserNamespace()) {
            return null;
        }
        try {
            return BpfToken.create(options.kernel(), BPFFS);
        } catch (BpfException e) {
            refused.addSuppressed(e);
            return null;
        }
    }
}
