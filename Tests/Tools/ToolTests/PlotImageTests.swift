import Files
import Foundation
import TestSupport
import Testing

/// Pictures as PNG, and pictures that follow a training.
struct PlotImageTests {
  private static let curve = fixtures.appending(path: "samples/lcurve.pt.out")

  /// Whether librsvg is installed; where it is not, what needs it is skipped, and says so.
  static let hasRenderer = dlopen("librsvg-2.so.2", RTLD_LAZY) != nil

  @Test(.enabled(if: hasRenderer, "skipped: librsvg2-2 is not installed"))
  func `a PNG has the picture's size times the scale, and the same bytes each time`() throws {
    try withTemporaryFolder { folder in
      let curve = PlotImageTests.curve.path
      let svg = try runTool("dp-plot", [curve], in: folder).output
      let size = try #require(svg.firstMatch(of: /width="([0-9.]+)" height="([0-9.]+)"/))
      for scale in ["1", "2.5"] {
        let names = ["a.png", "b.png"]
        for name in names {
          let run = try runTool("dp-plot", [curve, "-o", name, "--scale", scale], in: folder)
          #expect(run.exitCode == 0, "\(run.messages)")
        }
        let bytes = try names.map { [UInt8](try Data(contentsOf: folder.appending(path: $0))) }
        #expect(bytes[0] == bytes[1])
        #expect(bytes[0].starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
        func number(_ place: Int) -> Double {
          Double(bytes[0][place..<place + 4].reduce(0) { $0 << 8 | Int($1) })
        }
        let factor = Double(scale) ?? 0
        #expect(number(16) == ((Double(size.1) ?? 0) * factor).rounded())
        #expect(number(20) == ((Double(size.2) ?? 0) * factor).rounded())
      }
    }
  }

  /// Waits until `condition` holds; false if that takes too long for any machine.
  private func comes(_ condition: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<600 {
      if try condition() { return true }
      Thread.sleep(forTimeInterval: 0.05)
    }
    return false
  }

  /// Starts `dp-plot --watch` on `input`.
  private func watch(_ input: String, in folder: URL) throws -> Process {
    let process = Process()
    process.executableURL = toolFolder.appending(path: "dp-plot")
    process.arguments = [input, "-o", "a.svg", "--watch", "--quiet"]
    process.currentDirectoryURL = folder
    try process.run()
    return process
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `a picture follows a growing file until a signal comes`(signal: Int32) throws {
    try withTemporaryFolder { folder in
      let curve = folder.appending(path: "lcurve.out"), svg = folder.appending(path: "a.svg")
      let lines = try String(contentsOf: PlotImageTests.curve, encoding: .utf8)
        .split(separator: "\n", omittingEmptySubsequences: false).map { $0 + "\n" }
      // Headings alone are no picture, nor is half a line.
      try lines[0..<2].joined().write(to: curve, atomically: false, encoding: .utf8)
      let process = try watch("lcurve.out", in: folder)
      defer { process.terminate() }
      let handle = try FileHandle(forWritingTo: curve)
      var pictures: Set<String> = []
      for line in lines[2..<5] {
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(line.dropLast(9).utf8))
        try handle.write(contentsOf: Data(line.suffix(9).utf8))
        let isNew = comes {
          guard let text = try? String(contentsOf: svg, encoding: .utf8) else { return false }
          // Whole at any moment.
          #expect(text.hasPrefix("<svg ") && text.hasSuffix("</svg>\n"))
          return pictures.insert(text).inserted
        }
        #expect(isNew)
      }
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 0)
      #expect(try contents(of: folder) == ["a.svg", "lcurve.out"])
    }
  }

  @Test func `a picture that follows a training ends with it, at its last line`() throws {
    try withTraining(replacing: [("\"numb_steps\": 20", "\"numb_steps\": 3000")]) { folder in
      try FileManager.default.createDirectory(
        at: folder.appending(path: "run"), withIntermediateDirectories: true)
      let process = try watch("run", in: folder)
      defer { process.terminate() }
      let run = try runTool("dp-train", ["input.json"], in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      // A training that was never seen to run would be waited for: then it ends by the signal.
      _ = comes { !process.isRunning || (try? last(in: folder)) == true }
      process.terminate()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      #expect(try last(in: folder))
    }
  }

  /// Whether the picture is that of the finished curve.
  private func last(in folder: URL) throws -> Bool {
    let now = try runTool("dp-plot", ["run"], in: folder).output
    return try String(contentsOf: folder.appending(path: "a.svg"), encoding: .utf8) == now
  }
}
