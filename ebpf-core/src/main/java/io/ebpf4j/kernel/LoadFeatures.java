// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.kernel;

import io.ebpf4j.btf.BtfFeature;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Remembers what the probes that loads depend on found out. */
final class LoadFeatures {
    private final Probes probes;
    // an EnumMap asks for its keys by reflection, which costs every start
    private final Map<Feature, Support> answers = new HashMap<>();

    LoadFeatures(Kernel kernel) {
        this.probes = new Probes(kernel);
    }

    synchronized Support supports(Feature feature) {
        Support known = answers.get(feature);
        if (known != null) {
            return known;
        }
        Support answer = probes.ask(feature);
        if (answer != Support.UNKNOWN) {
            answers.put(feature, answer);
        }
        return answer;
    }

    Set<BtfFeature> missing(Set<BtfFeature> used) {
        Set<BtfFeature> missing = EnumSet.noneOf(BtfFeature.class);
        for (BtfFeature feature : used) {
            if (supports(probeOf(feature)) == Support.NO) {
                missing.add(feature);
            }
        }
        return missing;
    }

    private static Feature probeOf(BtfFeature feature) {
        return switch (feature) {
            case FUNCTION -> Feature.BTF_FUNC;
            case DATA_SECTION -> Feature.BTF_DATASEC;
            case GLOBAL_FUNCTION -> Feature.BTF_GLOBAL_FUNC;
            case FLOAT -> Feature.BTF_FLOAT;
            case DECL_TAG -> Feature.BTF_DECL_TAG;
            case TYPE_TAG -> Feature.BTF_TYPE_TAG;
            case ENUM64 -> Feature.BTF_ENUM64;
            case OPTIONAL_SECTION -> Feature.BTF_QMARK_DATASEC;
            case ATTRIBUTE_TAG -> Feature.BTF_ATTRIBUTE_TAG;
        };
    }
}
