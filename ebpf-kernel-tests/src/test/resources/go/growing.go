// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

// Calls functions of all shapes that probes care for, from goroutines whose stacks grow, shrink and move meanwhile.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sync"
)

const (
	goroutines = 20
	depth      = 499
)

// descend takes some three hundred bytes of stack for each level and returns by several ways.
//
//go:noinline
func descend(level int, seed uint64) uint64 {
	if level == 0 {
		return seed + 1
	}
	var frame [32]uint64
	for i := range frame {
		frame[i] = seed + uint64(i*level)
	}
	below := descend(level-1, frame[level%32])
	switch {
	case below%3 == 0:
		return below + frame[below%32]
	case below%3 == 1:
		return below ^ frame[31]
	}
	return below*3 + uint64(level)
}

// add needs no stack and has no check of it.
//
//go:noinline
func add(a, b uint64) uint64 {
	return a + b
}

// wide takes more stack than the small check covers.
//
//go:noinline
func wide(n int) uint64 {
	var frame [2048]uint64
	for i := range frame {
		frame[i] = uint64(i * n)
	}
	return add(frame[n%2048], frame[(n+1)%2048])
}

// choose becomes a jump by a table.
//
//go:noinline
func choose(n int) string {
	switch n {
	case 0:
		return "none"
	case 1:
		return "one"
	case 2:
		return "a pair"
	case 3:
		return "three"
	case 4:
		return "four"
	case 5:
		return "a hand"
	case 6:
		return "six"
	case 7:
		return "seven"
	case 8:
		return fmt.Sprint(n)
	}
	return "many"
}

type caller interface{ call(n uint64) uint64 }

type inner struct{ base uint64 }

//go:noinline
func (i *inner) call(n uint64) uint64 { return add(i.base, n) }

// outer's call is a jump to that of inner.
type outer struct {
	padding uint64
	*inner
}

//go:noinline
func forever() {
	select {}
}

func main() {
	if len(os.Args) > 2 {
		forever()
	}
	if len(os.Args) > 1 {
		// until whoever started us says so
		fmt.Println("ready")
		fmt.Scanln()
	}
	sums := make([]uint64, goroutines)
	var waiting sync.WaitGroup
	for i := range sums {
		waiting.Add(1)
		go func(i int) {
			defer waiting.Done()
			sums[i] = descend(depth, uint64(i))
			runtime.GC()
		}(i)
	}
	waiting.Wait()
	var all uint64
	for i, sum := range sums {
		all = add(all, sum*uint64(i+1))
	}
	fmt.Printf("%d %x\n", goroutines*(depth+1), all)
	callers := []caller{&inner{base: all}, &outer{inner: &inner{base: wide(len(sums))}}}
	for _, c := range callers {
		all ^= c.call(1)
	}
	fmt.Println(choose(len(sums)%10), all != 0)
}
