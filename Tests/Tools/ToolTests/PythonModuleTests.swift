import Foundation
import TestSupport
import Testing

/// Whether there is a Python with NumPy.
let hasNumPy =
  (try? runProgram("/usr/bin/env", ["python3", "-c", "import numpy"]))?.exitCode == 0

/// The Python module, asked by Tests/Systems/CInterface/check_module.py and the example.
@Suite(.enabled(if: hasNumPy, "needs python3 with numpy"))
struct PythonModuleTests {
  @Test func `energies, forces and virials are DeePMD-kit's`() throws { try check("numbers") }

  @Test func `arrays of all shapes are taken, and frames, types and cells stay together`() throws {
    try check("shapes")
  }

  @Test func `parameters of frames and atoms are given once or for all`() throws {
    try check("parameters")
  }

  @Test func `what fails is an exception with a text, and the model goes on`() throws {
    try check("errors")
  }

  @Test func `a library that is not there is told with the places`() throws {
    try check("library")
  }

  @Test func `two models answer in two threads, while Python's lock is free`() throws {
    try check("threads")
  }

  @Test func `the deviation of models has DeePMD-kit's columns`() throws { try check("deviation") }

  @Test func `models are copied by their files`() throws { try check("copies") }

  @Test func `descriptors are those of dp eval-desc, and a model tells what it is`() throws {
    try check("own")
  }

  @Test func `the example of the documentation runs`() throws {
    let models = ["se_e2_a_oneside.dp", "se_e2_a_resnetdt.dp"].map {
      fixtures.appending(path: $0).path
    }
    let done = try python("docs/example/three_atoms.py", models)
    #expect(done.exitCode == 0, "\(done.messages)")
    for text in ["energy: ", "force on atom 2: ", "largest deviation of a force: "] {
      #expect(done.output.contains(text))
    }
    let missing = try python("docs/example/three_atoms.py", ["nowhere.h5"])
    #expect(missing.exitCode == 1)
    #expect(missing.messages == "three_atoms: nowhere.h5: no such file\n")
  }

  private func check(_ name: String) throws {
    let done = try python("Tests/Systems/CInterface/check_module.py", [name, toolFolder.path])
    #expect(done.exitCode == 0, "\(done.messages)")
  }

  private func python(_ script: String, _ arguments: [String]) throws -> Finished {
    try runProgram(
      "/usr/bin/env", ["python3", checkout.appending(path: script).path] + arguments,
      environment: [
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": checkout.appending(path: "Sources/Python").path,
        "DEEP_POTENTIAL_LIBRARY": try CProgram.library.get().path,
      ])
  }
}
