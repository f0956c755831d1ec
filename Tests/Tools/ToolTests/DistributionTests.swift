import Foundation
import TestSupport
import Testing

/// Whether the tools under test have just been built, so that their objects are beside them.
private let areObjectsThere = FileManager.default.fileExists(
  atPath: toolFolder.appending(path: "dp.product/Objects.LinkFileList").path)

/// What runs on other machines: the one program with all tools in it, and the library for programs
/// in C.
struct DistributionTests {
  @Test func `the library needs libraries of C and C++ alone`() throws {
    let library = try CProgram.library.get()
    let allowed = ["libc.so", "libm.so", "libstdc++.so", "libgcc_s.so", "ld-linux-"]
    let needed = try neededLibraries(of: library)
    #expect(needed.contains("libc.so.6"))
    for name in needed { #expect(allowed.contains { name.hasPrefix($0) }, "\(name)") }
    try expectOldSymbols(in: library)
    #expect(try size(library) < 33_000_000)
  }

  @Test(.enabled(if: areObjectsThere, "the tools' objects are not beside them"))
  func `one program is all tools, and needs glibc alone`() throws {
    try withTemporaryFolder { folder in
      let program = folder.appending(path: "dp")
      let script = checkout.appending(path: "pipelines/link-tools").path
      let run = try runProgram(script, [toolFolder.path, program.path], limit: 300)
      try #require(run.exitCode == 0, "\(run.messages)")
      let needed = try neededLibraries(of: program)
      for name in needed {
        #expect(["libc.so", "libm.so", "ld-linux-"].contains { name.hasPrefix($0) }, "\(name)")
      }
      try expectOldSymbols(in: program)
      #expect(try size(program) < 50_000_000)
      for name in toolNames { try expectTool(name, program, in: folder) }
      let other = folder.appending(path: "other")
      try FileManager.default.createSymbolicLink(at: other, withDestinationURL: program)
      #expect(try runProgram(other.path, ["dp-stat", "--version"]).output.hasPrefix("dp-stat "))
      let none = try runProgram(other.path, ["dp-none"])
      #expect(none.exitCode == 64 && none.messages.contains(" dp-stat "))
    }
  }

  /// Expects that `program` is the tool `name` if it is called by that name.
  private func expectTool(_ name: String, _ program: URL, in folder: URL) throws {
    let link = folder.appending(path: name)
    if name != "dp" {
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: program)
    }
    #expect(try runProgram(link.path, ["--version"]).output.hasPrefix("\(name) "), "\(name)")
  }

  private func size(_ file: URL) throws -> Int {
    try #require(FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int)
  }

  /// Expects that `file` asks for no symbol of a glibc newer than 2.34.
  private func expectOldSymbols(in file: URL) throws {
    let symbols = try runProgram("/usr/bin/env", ["objdump", "-T", file.path]).output
    let found = symbols.matches(of: /GLIBC_2\.(\d+)/).compactMap { Int($0.1) }
    #expect(found.max().map { $0 <= 34 } == true, "\(found.max() ?? 0)")
  }
}

/// The names of the libraries that `file` asks the dynamic linker for.
private func neededLibraries(of file: URL) throws -> [String] {
  let text = try runProgram("/usr/bin/env", ["objdump", "-p", file.path]).output
  return text.matches(of: /NEEDED +(\S+)/).map { String($0.1) }
}

/// Tools that a launcher has started where its MPI is not found.
struct AbsentMPITests {
  private func start(library: String) throws -> Finished {
    try runTool(
      "dp-train", ["input.json"],
      environment: ["OMPI_COMM_WORLD_SIZE": "2", "DP_MPI_LIBRARY": library])
  }

  @Test func `tools need no MPI, and say what they have looked for`() throws {
    let needed = try neededLibraries(of: toolFolder.appending(path: "dp-train"))
    #expect(!needed.contains { $0.contains("mpi") })
    let run = try start(library: "/nowhere/libmpi.so")
    #expect(run.exitCode == 64)
    #expect(run.messages.contains("no MPI library: /nowhere/libmpi.so: cannot open"))
    #expect(run.messages.contains("DP_MPI_LIBRARY"))
  }

  @Test func `a library that is no MPI is refused`() throws {
    let run = try start(library: "libm.so.6")
    #expect(run.exitCode == 64)
    #expect(run.messages.contains("libm.so.6: has no function MPI_Init_thread"))
  }
}
