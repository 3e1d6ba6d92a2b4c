// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.map;

import java.util.ArrayList;
import java.util.List;

/** Prints the layouts of a Java type and a C type side by side. */
final class LayoutTable {
    private static final String[] HEAD = {
        "offset", "size", "Java", "", "offset", "size", "C", "", ""
    };

    private final List<String[]> rows = new ArrayList<>();
    private boolean differs;

    LayoutTable() {}

    /** Returns the layout of a Java type alone. */
    static String of(Shape shape) {
        LayoutTable table = new LayoutTable();
        table.addAll("", 0, shape, "value");
        return table.toString();
    }

    private void addAll(String prefix, int base, Shape shape, String name) {
        if (shape instanceof Shape.Structure s) {
            for (Shape.Field f : s.fields()) {
                String path = prefix + f.slot().name();
                addAll(path + ".", base + f.offset(), f.shape(), path);
            }
        } else {
            add(new Cell(base, shape.size(), javaName(shape), name), null, "");
        }
    }

    /**
     * One side of a row.
     *
     * @param offset bytes from the start
     * @param size bytes
     * @param type the type's name
     * @param name the component's or member's name
     */
    record Cell(int offset, int size, String type, String name) {}

    /**
     * Adds a row.
     *
     * @param java the component, or null
     * @param c the member, or null
     * @param problem why they do not fit; empty if they do
     */
    void add(Cell java, Cell c, String problem) {
        String[] row = new String[HEAD.length];
        fill(row, 0, java);
        fill(row, 4, c);
        row[8] = problem.isEmpty() ? "" : "<- " + problem;
        differs |= !problem.isEmpty();
        rows.add(row);
    }

    private static void fill(String[] row, int at, Cell cell) {
        row[at] = cell == null ? "" : Integer.toString(cell.offset());
        row[at + 1] = cell == null ? "" : Integer.toString(cell.size());
        row[at + 2] = cell == null ? "-" : cell.type();
        row[at + 3] = cell == null ? "" : cell.name();
    }

    boolean differs() {
        return differs;
    }

    private static String javaName(Shape shape) {
        return shape.javaType().getSimpleName();
    }

    @Override
    public String toString() {
        int[] widths = new int[HEAD.length];
        for (int c = 0; c < widths.length; c++) {
            widths[c] = HEAD[c].length();
            for (String[] row : rows) {
                widths[c] = Math.max(widths[c], row[c].length());
            }
        }
        StringBuilder text = new StringBuilder();
        print(text, HEAD, widths);
        for (String[] row : rows) {
            print(text.append('\n'), row, widths);
        }
        return text.toString();
    }

    private static void print(StringBuilder text, String[] row, int[] widths) {
        for (int c = 0; c < row.length; c++) {
            boolean number = c % 4 < 2 && c < 8;
            String pad = " ".repeat(widths[c] - row[c].length());
            text.append(c == 4 ? "  | " : "  ").append(number ? pad + row[c] : row[c] + pad);
        }
        text.setLength(text.toString().stripTrailing().length());
    }
}
