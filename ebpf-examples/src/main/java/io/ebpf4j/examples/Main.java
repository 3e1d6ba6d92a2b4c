// Copyright 2026 The ebpf4j authors
// SPDX-License-Identifier: Apache-2.0

package io.ebpf4j.examples;

import io.ebpf4j.error.BpfException;
import io.ebpf4j.error.VerifierException;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

import java.io.PrintWriter;

/** Starts a tool by its name. */
@Command(
        name = "ebpf-examples/run",
        description = "Small tools built on ebpf4j.",
        synopsisSubcommandLabel = "TOOL",
        subcommands = {
            ExecSnoop.class,
            FeatureList.class,
            ObjLoad.class,
            OpenSnoop.class,
            ReloReport.class
        })
final class Main {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "show this help")
    @SuppressWarnings("UnusedVariable") // picocli looks for it
    private boolean help;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "show errors with stack traces and verifier logs")
    private boolean debug;

    private Main() {}

    /**
     * Runs a tool and ends the JVM: with status 0 when all went well, 1 when the kernel, or what
     * the library asks of it, was in the way, and 2 when the arguments are wrong.
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        Main main = new Main();
        return new CommandLine(main).setExecutionExceptionHandler(main::report);
    }

    private int report(Exception e, CommandLine tool, ParseResult arguments) throws Exception {
        if (debug || !(e instanceof BpfException)) {
            throw e;
        }
        PrintWriter err = tool.getErr();
        boolean rejected = e instanceof VerifierException;
        String message = rejected ? e.getMessage() : twoLines(e.getMessage());
        err.println(tool.getCommandName() + ": " + message);
        err.flush();
        return ExitCode.SOFTWARE;
    }

    /** Puts what is wrong on one line, and what to do about it on a second. */
    static String twoLines(String message) {
        int semicolon = message.indexOf("; ");
        int newLine = message.indexOf('\n');
        if (newLine >= 0 && (semicolon < 0 || newLine < semicolon)) {
            return oneLine(message.substring(0, newLine))
                    + "\n"
                    + oneLine(message.substring(newLine));
        }
        if (semicolon >= 0) {
            return message.substring(0, semicolon)
                    + "\n"
                    + oneLine(message.substring(semicolon + 2));
        }
        return message + "\nrun it with --debug to see where that comes from";
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\n\\s*", ", ");
    }
}
