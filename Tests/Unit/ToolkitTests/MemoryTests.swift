import Foundation
import TestSupport
import Testing
import Toolkit

@Suite struct MemoryTests {
  @Test(arguments: [
    ("4096", 4096), ("1kB", 1000), ("1K", 1000), ("500MB", 500_000_000), ("2GiB", 2 << 30),
    ("1.5 G", 1_500_000_000), ("0.5TiB", 1 << 39), ("10B", 10),
  ])
  func `a size has a number and a unit`(text: String, bytes: Int) {
    #expect(ByteCount(argument: text)?.count == bytes)
  }

  @Test(arguments: ["", "B", "1..5", "-1", "0", "1 XB", "5i", "5iB", "1e9", "99999999999T"])
  func `what is no size is refused`(text: String) {
    #expect(ByteCount(argument: text) == nil)
  }

  @Test func `the smallest limit of the control groups counts`() throws {
    try withTemporaryFolder { folder in
      let root = folder.path
      for (path, text) in [
        ("memory.max", "max\n"), ("a/memory.max", "3000000\n"), ("a/b/memory.max", "5000000\n"),
        ("memory/x/memory.limit_in_bytes", "2000000\n"),
      ] {
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
      }
      #expect(Memory.limit(groups: "0::/a/b\n", mountedAt: root) == 3_000_000)
      #expect(Memory.limit(groups: "0::/\n", mountedAt: root) == nil)
      #expect(Memory.limit(groups: "4:cpu:/x\n5:memory:/x\n", mountedAt: root) == 2_000_000)
      #expect(Memory.limit(groups: "", mountedAt: root) == nil)
      #expect(Memory.usable > 1 << 20)
    }
  }
}
