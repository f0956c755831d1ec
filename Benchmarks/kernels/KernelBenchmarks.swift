import ArgumentParser
import Foundation

/// Times each kernel on one thread against what the CPU can do.  A tool for developers: it is not
/// installed.
@main struct KernelBenchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel-benchmarks",
    abstract: "Time each kernel on one thread against what the CPU can do.")

  @Flag(help: "Print everything as JSON.") var json = false
  @Flag(help: "Time only se_e2_a as a program of operations, as JSON.") var programs = false
  @Flag(help: "Time only se_e2_a with and without tables, as JSON.") var tables = false
  @Flag(help: "Time only models that pass messages, as JSON.") var messages = false
  @Flag(help: .hidden) var openblasOnly = false

  func run() throws {
    if openblasOnly { return try write(timeOpenBLAS(productShapes)) }
    if programs { return try write(ProgramStep.all()) }
    if tables { return try write(DirectComparison.all()) }
    if messages { return try write(ProgramStep.messagePassing()) }
    let report = try Report()
    if json { try write(report) } else { print(report.markdown) }
  }

  private func write(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}
