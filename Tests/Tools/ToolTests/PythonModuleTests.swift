import Foundation
import TestSupport
import Testing

/// Whether there is a Python with NumPy.
let hasNumPy =
  (try? runProgram("/usr/bin/env", ["python3", "-c", "import numpy"]))?.exitCode == 0

/// The Python module deep_potential on libdeepmd_c.so: Tests/Systems/CInterface/check_module.py
/// asks, numbers are DeePMD-kit's.
@Suite(.enabled(if: hasNumPy, "needs python3 with NumPy"))
struct PythonModuleTests {
  @Test func `a Python script gets DeePMD-kit's numbers`() throws { try check("numbers") }

  @Test func `frames may be arrays or lists of any shape, with types of their own`() throws {
    try check("shapes")
  }

  @Test func `parameters may be those of frames, or once for all`() throws {
    try check("parameters")
  }

  @Test func `what fails is an exception with the library's text`() throws { try check("errors") }

  @Test func `the library is found, or where it was looked for is told`() throws {
    try check("library")
  }

  @Test func `two threads compute with two models at once`() throws { try check("threads") }

  @Test func `several models' deviation has DeePMD-kit's columns`() throws {
    try check("deviation")
  }

  @Test func `a copy of a model reads the file again`() throws { try check("copies") }

  @Test func `descriptors are those that dp eval-desc writes, and models tell what they are`()
    throws
  {
    try check("own")
  }

  @Test func `the example tells energy, forces, and what is wrong`() throws {
    let example = checkout.appending(path: "docs/example/three_atoms.py").path
    let model = fixtures.appending(path: "se_e2_a_oneside.dp").path
    let other = fixtures.appending(path: "se_e2_a_resnetdt.dp").path
    let run = try python([example, model, other])
    #expect(run.exitCode == 0, "\(run.messages)")
    for word in ["types: O H, cutoff: ", "energy: ", "force on atom 2: ", "largest deviation"] {
      #expect(run.output.contains(word))
    }
    let failed = try python([example, "nowhere.h5"])
    #expect(failed.exitCode == 1)
    #expect(failed.messages == "three_atoms: nowhere.h5: no such file\n")
  }

  private func check(_ name: String) throws {
    let script = checkout.appending(path: "Tests/Systems/CInterface/check_module.py").path
    let run = try python([script, name, toolFolder.path])
    #expect(run.exitCode == 0, "\(run.messages)")
  }

  private func python(_ arguments: [String]) throws -> Finished {
    try runProgram(
      "/usr/bin/env", ["python3"] + arguments,
      environment: [
        "DEEP_POTENTIAL_LIBRARY": toolFolder.appending(path: "libdeepmd_c.so").path,
        "PYTHONPATH": checkout.appending(path: "Sources/Python").path,
        "PYTHONDONTWRITEBYTECODE": "1",
      ])
  }
}
