import Foundation
import TestSupport
import Testing

/// The tools on a CPU older than the one they were built for, which qemu plays.
@Suite(.enabled(if: canEmulate, "needs qemu-x86_64 (Debian's qemu-user) on x86-64"))
struct OtherProcessorTests {
  private func run(_ program: String, _ arguments: [String]) throws -> Finished {
    try runProgram(
      "/usr/bin/env", ["qemu-x86_64", "-cpu", "Nehalem"] + arguments + [program, "--help"])
  }

  @Test(arguments: toolNames)
  func `a tool built for another CPU ends at once with one sentence`(tool: String) throws {
    let run = try run(toolFolder.appending(path: tool).path, [])
    #expect(run.exitCode == 78)
    #expect(run.output.isEmpty)
    let lines = run.messages.split(separator: "\n")
    #expect(lines.count == 2, "\(run.messages)")
    #expect(lines.first?.hasPrefix("\(tool): was built for another CPU (MARCH=") == true)
    #expect(lines.first?.contains("avx2") == true)
    #expect(lines.last?.hasPrefix("hint: ") == true && lines.last?.contains("x86-64-v3") == true)
  }

  @Test func `the library says so when a program loads it`() throws {
    let library = toolFolder.appending(path: "libdeepmd_c.so").path
    guard FileManager.default.fileExists(atPath: library) else { return }
    let run = try run("/bin/true", ["-E", "LD_PRELOAD=\(library)"])
    #expect(run.exitCode == 78)
    #expect(run.messages.hasPrefix("libdeepmd_c.so: was built for another CPU"))
  }
}

private let canEmulate: Bool = {
  #if arch(x86_64)
    (try? runProgram("/usr/bin/env", ["qemu-x86_64", "--version"]))?.exitCode == 0
  #else
    false
  #endif
}()
