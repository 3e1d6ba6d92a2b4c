// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FunctionTagsTest {

    @ParameterizedTest
    @EnumSource(names = {"TAGS", "TAGS_BIG"})
    void aProgramHasTheCallbackThatOneTagNames(TestObject object) {
        CollectionSpec spec = object.parse();
        assertThat(spec.program("throws").exceptionCallback()).contains("on_exception");
        assertThat(spec.program("throws").copy().exceptionCallback()).contains("on_exception");
        assertThat(spec.program("contexts").exceptionCallback()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"TAGS", "TAGS_BIG"})
    void ofTwoCallbacksNoneIsLinked(TestObject object) {
        assertThat(object.parse().program("throws_twice").exceptionCallback()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"TAGS", "TAGS_BIG"})
    void functionsKnowWhichOfTheirParametersAreTheContext(TestObject object) {
        CollectionSpec spec = object.parse();
        assertThat(spec.functions().get("context_first").contexts()).containsExactly(0);
        assertThat(spec.functions().get("context_second").contexts()).containsExactly(1);
        assertThat(spec.functions().get("context_second").copy().contexts()).containsExactly(1);
        assertThat(spec.functions().get("no_context").contexts()).isEmpty();
    }
}
