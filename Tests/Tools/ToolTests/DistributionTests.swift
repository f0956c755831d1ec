import Foundation
import TestSupport
import Testing

/// Whether the tools under test have just been built, so that their objects are beside them.
private let areObjectsThere = FileManager.default.fileExists(
  atPath: toolFolder.appending(path: "dp.product/Objects.LinkFileList").path)

/// Whether this CPU can run kernels for AVX-512.
private let hasAVX512 =
  (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8).contains("avx512vl")) == true

/// What runs on other machines: the one program with all tools in it, and the library for programs
/// in C.
@Suite(.enabled(if: areObjectsThere, "the tools' objects are not beside them"))
struct DistributionTests {
  /// Calls a script of pipelines/, which links what was built.
  private func link(_ script: String, _ arguments: [String]) throws {
    let path = checkout.appending(path: "pipelines/\(script)").path
    let run = try runProgram(path, arguments, limit: 300)
    try #require(run.exitCode == 0, "\(run.messages)")
  }

  @Test func `the library needs libraries of C and C++ alone`() throws {
    let library = try CProgram.library.get()
    let allowed = ["libc.so", "libm.so", "libstdc++.so", "libgcc_s.so", "ld-linux-"]
    let needed = try neededLibraries(of: library)
    #expect(needed.contains("libc.so.6"))
    for name in needed { #expect(allowed.contains { name.hasPrefix($0) }, "\(name)") }
    try expectOldSymbols(in: library)
    #expect(try size(library) < 34_000_000)
  }

  @Test func `one program is all tools, and needs glibc alone`() throws {
    try withTemporaryFolder { folder in
      let program = folder.appending(path: "dp")
      try link("link-tools", [toolFolder.path, "", program.path])
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

  /// Expects that kernels are chosen as DP_KERNELS says, or the CPU: `run` starts a program that
  /// has two sets of them.
  private func expectChoice(_ run: (_ kernels: String) throws -> Finished) throws {
    let v3 = try run("v3")
    #expect(v3.exitCode == 0, "\(v3.messages)")
    #expect(try run("").output == v3.output, "equal sets, whichever the CPU can run")
    let v4 = try run("v4")
    #expect(hasAVX512 ? v4.output == v3.output : v4.exitCode == 78)
    let other = try run("v5")
    #expect(other.exitCode == 78 && other.messages.contains("DP_KERNELS=v5: there are kernels v3"))
  }

  @Test func `a program with two sets of kernels takes what it is told, or can run`() throws {
    try withTemporaryFolder { folder in
      let program = folder.appending(path: "dp-stat")
      // Both sets are of the same build here.
      try link("link-tools", [toolFolder.path, toolFolder.path, program.path])
      try expectOldSymbols(in: program)
      try expectChoice { kernels in
        try runProgram(program.path, ["--version"], environment: ["DP_KERNELS": kernels])
      }
    }
  }

  @Test func `the library chooses kernels when it is loaded, and shows what it showed`() throws {
    let source = "docs/example/three_atoms.c"
    let program = try CProgram.built(from: source, as: "three_atoms_of_two_sets")
    let model = fixtures.appending(path: "se_e2_a_oneside.dp").path
    try withTemporaryFolder { folder in
      let library = folder.appending(path: "libdeepmd_c.so").path
      try link("link-library", [toolFolder.path, toolFolder.path, library])
      try expectOldSymbols(in: URL(filePath: library))
      let shown = ["nm", "-D", "--defined-only", "--format=just-symbols"]
      let functions = try runProgram("/usr/bin/env", shown + [library]).output
      let alone = try CProgram.library.get().path
      #expect(try functions == runProgram("/usr/bin/env", shown + [alone]).output)
      #expect(functions.contains("DP_NewDeepPot\n"))
      try expectChoice { kernels in
        try runProgram(
          program.path, [model], environment: ["LD_PRELOAD": library, "DP_KERNELS": kernels])
      }
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
