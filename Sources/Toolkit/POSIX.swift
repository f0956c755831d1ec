import ArgumentParser
import Diagnostics
import Foundation

enum POSIX {
  /// Writes all of `text`.  Throws kind `.io`, or a silent exit if the reader of a pipe has ended.
  static func write(_ text: String, to descriptor: Int32, place: String) throws {
    var text = text
    let failure: Int32 = text.withUTF8 { bytes in
      var done = 0
      while done < bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[done...])
        let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
        if count < 0 && errno == EINTR { continue }
        if count < 0 { return errno }
        done += count
      }
      return 0
    }
    if failure == EPIPE { throw ExitCode(ToolError.Kind.io.rawValue) }
    guard failure == 0 else {
      throw ToolError(
        .io, at: place, "cannot write: \(String(cString: strerror(failure)))",
        remedy: "check the free space and quota of what it goes to")
    }
  }
}
