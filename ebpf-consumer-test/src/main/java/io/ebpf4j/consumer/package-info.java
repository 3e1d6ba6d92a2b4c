// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

/** A user's application, which sees of ebpf4j what users see. */
package io.ebpf4j.consumer;
