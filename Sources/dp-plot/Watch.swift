import Diagnostics
import Figures
import Files
import Foundation
import Models
import Toolkit

/// Figures that are redrawn while trainings go on.
extension DPPlot {
  /// Draws whenever a learning curve has changed, until all trainings have ended or a signal comes.
  func watchCurves() throws {
    let curves = try inputs.map(WatchedCurve.init)
    StopRequest.listen()
    var last: [FileStamp?] = [], wasRunning = false, isWaiting = false
    while StopRequest.signal == nil {
      // This is asked before drawing, so that the lines a training writes before its end are drawn
      // too.
      let isRunning = curves.contains(where: \.isBeingWritten)
      let stamps = curves.map(\.stamp)
      if stamps != last, curves.allSatisfy(\.hasLines) {
        try draw()
        last = stamps
        console.say("\(output ?? ""): drawn")
      }
      if wasRunning && !isRunning { return console.say("the training has ended") }
      if !isRunning && !isWaiting {
        console.say("no training is writing now; waiting for one (Ctrl-C ends this)")
        isWaiting = true
      }
      wasRunning = isRunning
      for _ in 0..<5 where StopRequest.signal == nil { Thread.sleep(forTimeInterval: 0.1) }
    }
  }
}

/// The properties of a file that show a change.
private struct FileStamp: Equatable {
  let size: Int, seconds: Int, nanoseconds: Int, number: UInt64
}

/// A learning curve that may still grow.
private struct WatchedCurve {
  private let folder: String?, file: String

  /// Finds the curve of a run folder, or a file; throws `.missingInput` if there is none, `.usage`
  /// if it is no learning curve.
  init(_ path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else {
      throw ToolError(
        .missingInput, at: path, "no such file or folder", remedy: "start the training first")
    }
    folder = isFolder(path) ? path : nil
    file = folder == nil ? path : RunFolder(path).learningCurve
    if stamp?.size ?? 0 > 0, try Subject(at: file) != .learningCurve {
      throw ToolError(.usage, at: path, "is no learning curve: only these are watched")
    }
  }

  /// The present properties of the file; nil if it does not exist.
  var stamp: FileStamp? {
    var status = stat()
    guard stat(file, &status) == 0 else { return nil }
    return FileStamp(
      size: Int(status.st_size), seconds: status.st_mtim.tv_sec,
      nanoseconds: status.st_mtim.tv_nsec, number: UInt64(status.st_ino))
  }

  /// Whether there is a complete line below the headings.
  var hasLines: Bool {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return false }
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .contains { !$0.isEmpty && !$0.hasPrefix("#") }
  }

  /// Whether a training holds the lock of the folder; if it runs on this machine, the process must
  /// be alive.
  var isBeingWritten: Bool {
    guard let folder,
      let holder = try? String(contentsOfFile: "\(folder)/lock", encoding: .utf8),
      let match = holder.firstMatch(of: /process ([0-9]+) on (\S+)/), let process = Int32(match.1)
    else { return false }
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    let here = String(
      decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return here != match.2 || kill(process, 0) == 0 || errno == EPERM
  }
}
