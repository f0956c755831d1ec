import Diagnostics
import Glibc

/// The bytes of a file, either in memory or read from the disk on each access; safe for any number
/// of threads.
package final class FileBytes: Sendable {
  private let path: String
  private let memory: [UInt8]?
  private let descriptor: Int32

  /// Opens the file at `path`; `memory` holds its bytes, or is nil if they are to be read from the
  /// disk.
  ///
  /// The file stays the same one even if its name is given to another file.  Throws
  /// `.missingInput`.
  package init(_ path: String, memory: [UInt8]? = nil) throws {
    self.path = path
    self.memory = memory
    descriptor = memory == nil ? open(path, O_RDONLY | O_CLOEXEC) : -1
    guard memory != nil || descriptor >= 0 else {
      throw unreadable(path)
    }
  }

  /// The first `count` bytes, or all if there are fewer.  Throws `.io`.
  package func start(_ count: Int) throws -> [UInt8] {
    try bytes(0..<min(count, try length))
  }

  /// The number of bytes that the file has now.  Throws `.io`.
  package var length: Int {
    get throws { try memory?.count ?? Int(status.st_size) }
  }

  /// What the system knows about the file, which must not be in memory.  Throws `.io`.
  var status: stat {
    get throws {
      var status = stat()
      guard fstat(descriptor, &status) == 0 else { throw unreadable(path, .io) }
      return status
    }
  }

  /// The bytes at `range`.  Throws `.io`.
  package func bytes(_ range: Range<Int>) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, initialized in
      try read(range.lowerBound, into: UnsafeMutableRawBufferPointer(buffer))
      initialized = range.count
    }
  }

  /// Calls `body` with one piece after the other of the bytes at `range`.  Throws `.io`.
  func forEachPiece(_ range: Range<Int>, _ body: ([UInt8]) -> Void) throws {
    for start in stride(from: range.lowerBound, to: range.upperBound, by: 1 << 20) {
      body(try bytes(start..<min(start + 1 << 20, range.upperBound)))
    }
  }

  /// Whether the bytes are in memory.
  package var isInMemory: Bool { memory != nil }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// `count` numbers of eight bytes, little-endian as on this machine, from byte `offset` on.
  /// Throws `.io`.
  package func numbers<Number: BitwiseCopyable>(
    _: Number.Type, at offset: Int, count: Int
  ) throws -> [Number] {
    precondition(MemoryLayout<Number>.size == 8)
    return try [Number](unsafeUninitializedCapacity: count) { buffer, initialized in
      try read(offset, into: UnsafeMutableRawBufferPointer(buffer))
      initialized = count
    }
  }

  private func read(_ offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
    if let memory {
      memory.withUnsafeBytes {
        buffer.copyMemory(
          from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + buffer.count]))
      }
      return
    }
    var done = 0
    while done < buffer.count {
      let count = pread(
        descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, offset + done)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        throw count == 0
          ? ToolError(.io, at: path, "became shorter while it was read") : unreadable(path, .io)
      }
      done += count
    }
  }
}
