import Foundation
import TestSupport
import Testing

/// The short form of `make fuzz`: without the address sanitizer, so only traps, crashes and hangs
/// are seen.
@Test func `damaged files of every kind are read or refused, and end no reader`() throws {
  try withTemporaryFolder { folder in
    let seeds = folder.appending(path: "seeds").path
    let script = checkout.appending(path: "Tests/Systems/Fuzz/make-seeds").path
    let made = try runProgram(script, [toolFolder.path, seeds])
    #expect(made.exitCode == 0, "\(made.output)")
    for (reader, cases) in [
      ("npy", 3000), ("raw", 3000), ("xyz", 3000), ("json", 3000), ("dataset", 500),
      ("model", 500), ("checkpoint", 500), ("statistics", 500), ("graph", 1000), ("torch", 1000),
      ("yaml", 1000),
    ] {
      let arguments = ["--seeds", "\(seeds)/\(reader)", "--cases", "\(cases)"]
      let run = try runTool("fuzz-readers", [reader] + arguments, in: folder, limit: 120)
      #expect(run.exitCode == 0, "\(run.messages)")
      #expect(run.output.contains("\(cases) cases of seed 1: "))
      #expect(run.output.contains(" 0 failed"))
    }
  }
}
