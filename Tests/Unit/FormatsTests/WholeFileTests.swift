import Diagnostics
import Files
import Foundation
import TestSupport
import Testing

@Test func `a whole file replaces the old one and leaves nothing beside it`() throws {
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "out.txt").path
    try writeWhole("old", to: path)
    try writeWhole("new", to: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["out.txt"])
  }
}

@Test func `a failure half way keeps the old file and removes the temporary`() throws {
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "out.txt").path
    try writeWhole("old", to: path)
    try fillDisk(under: path)
    #expect(fails(as: .io) { try writeWhole("new", to: path) })
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["out.txt"])
  }
}

@Test func `what a killed writer left is removed, what a living one holds is not`() throws {
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "out.txt").path
    let held = path + ".1.tmp"
    for name in [held, path + ".2.tmp", path + ".notes.tmp", folder.path + "/other.3.tmp"] {
      try Data("half".utf8).write(to: URL(filePath: name))
    }
    try FileManager.default.createDirectory(
      atPath: path + ".4.tmp/inner", withIntermediateDirectories: true)
    let writer = open(held, O_WRONLY)
    defer { close(writer) }
    try #require(flock(writer, LOCK_EX) == 0)
    try writeWhole("new", to: path)
    #expect(
      try contents(of: folder) == ["other.3.tmp", "out.txt", "out.txt.1.tmp", "out.txt.notes.tmp"])
  }
}

@Test func `what a writer with our process number left is overwritten`() throws {
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "out.txt").path
    let mine = "\(path).\(ProcessInfo.processInfo.processIdentifier).tmp"
    try Data("a longer content".utf8).write(to: URL(filePath: mine))
    try writeWhole("new", to: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
    #expect(try contents(of: folder) == ["out.txt"])
  }
}

@Test func `a folder that is not there cannot take a file`() throws {
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "no/out.txt").path
    #expect(fails(as: .cannotCreate) { try writeWhole("text", to: path) })
    // A folder in the way of the name.
    #expect(fails(as: .cannotCreate) { try writeWhole("text", to: folder.path) })
  }
}

@Test func `a full disk is an input-output error`() throws {
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "out.txt").path
    try fillDisk(under: path)
    #expect(fails(as: .io) { try writeWhole("text", to: path) })
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }
}

/// Makes every write on the way to `path` say that the disk is full, as /dev/full does: a link
/// stands in for the temporary.
private func fillDisk(under path: String) throws {
  try #require(FileManager.default.fileExists(atPath: "/dev/full"))
  let temporary = "\(path).\(ProcessInfo.processInfo.processIdentifier).tmp"
  try FileManager.default.createSymbolicLink(atPath: temporary, withDestinationPath: "/dev/full")
}

@Test func `the digest is that of FIPS 180-4, however the bytes arrive`() throws {
  let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
  #expect(Digest.sha256(Array("abc".utf8)) == abc)
  var digest = Digest()
  digest.update("a")
  digest.update([UInt8(ascii: "b"), UInt8(ascii: "c")])
  #expect(digest.hexadecimal == abc)
  try withTemporaryFolder { folder in
    let file = folder.appending(path: "abc")
    try writeWhole("abc", to: file.path)
    #expect(try Digest.sha256(fileAt: file.path) == abc)
    #expect(fails(as: .missingInput) { try Digest.sha256(fileAt: folder.path + "/none") })
  }
}
