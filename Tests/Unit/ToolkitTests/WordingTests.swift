import Testing
import Toolkit

struct WordingTests {
  @Test func `a progress line has step, terms, speed and remaining time`() {
    let start = ContinuousClock.now
    let progress = Progress(startedAt: start, with: 100)
    let line = progress.line(
      "step", 200, of: 1000, terms: [ProgressTerm("rmse_f", "0.12")], at: start + .seconds(4))
    #expect(line.plain == "step  200/1000  rmse_f 0.12  25.0 steps/s  ETA 0:32")
    let last = progress.line("step", 1000, of: 1000, terms: [], at: start + .seconds(90))
    #expect(last.plain == "step 1000/1000  10.0 steps/s  took 1:30")
  }

  @Test func `progress is shown at once, then from time to time, and at the end`() {
    let start = ContinuousClock.now
    var progress = Progress(startedAt: start, with: 0)
    let shown = [0, 1, 4, 6, 7].map {
      progress.isDue(at: start + .seconds($0), onTerminal: false, isLast: $0 == 7)
    }
    #expect(shown == [true, false, false, true, true])
  }

  @Test func `a narrow terminal drops the last terms first, then cuts`() {
    let start = ContinuousClock.now
    let progress = Progress(startedAt: start, with: 0)
    let lines = [80, 40, 36, 10].map {
      progress.line(
        "step", 10, of: 20, terms: [ProgressTerm("a", "1"), ProgressTerm("b", "2")],
        at: start + .seconds(1), columns: $0
      ).plain
    }
    #expect(
      lines == [
        "step 10/20  a 1  b 2  10.0 steps/s  ETA 0:01",
        "step 10/20  a 1  10.0 steps/s  ETA 0:01", "step 10/20  10.0 steps/s  ETA 0:01",
        "step 10/…",
      ])
  }

  @Test func `the least important terms go first, and what is left keeps its order`() {
    let start = ContinuousClock.now
    let progress = Progress(startedAt: start, with: 0)
    let terms = [
      ProgressTerm("epoch", "1", importance: 1), ProgressTerm("f", "2", importance: 3),
      ProgressTerm("", "8 frames/s", importance: 2),
    ]
    let lines = [80, 44, 34, 26].map {
      progress.line("step", 1, of: 20, terms: terms, at: start + .seconds(1), columns: $0)
    }
    #expect(
      lines.map(\.plain) == [
        "step  1/20  epoch 1  f 2  8 frames/s  ETA 0:19", "step  1/20  f 2  8 frames/s  ETA 0:19",
        "step  1/20  f 2  ETA 0:19", "step  1/20  f 2  ETA 0:19",
      ])
    // On a terminal the names are dimmed, which takes no columns.
    let styled = lines[2].styled
    #expect(styled.contains("\u{1B}[2mf\u{1B}[22m 2") && !lines[2].plain.contains("\u{1B}"))
    let letters = styled.replacing(/\u{1B}\[[0-9]+m/, with: "")
    #expect(letters == lines[2].plain)
  }

  @Test(arguments: [(0.4, "0:00"), (59.6, "1:00"), (3725, "1:02:05")])
  func `times are minutes and seconds, with hours where there are some`(
    seconds: Double, text: String
  ) {
    #expect(Progress.clock(seconds) == text)
  }

  @Test func `JSON has sorted keys and numbers that read back exactly`() throws {
    let text = try JSONText.pretty(["b": 0.1, "a": 1.0 / 3, "c": .nan])
    #expect(text == "{\n  \"a\" : 0.3333333333333333,\n  \"b\" : 0.1,\n  \"c\" : \"nan\"\n}\n")
  }

  @Test func `arguments are recorded without folders, threads, memory and verbosity`() {
    let arguments = [
      "/home/me/in.json", "-j", "4", "--quiet", "-o", "../run/", "--data=/x/y/d.h5#/water", "-j8",
      "--jobs=2", "--seed", "7", "--cache", "1GB", "--cache=2GB",
    ]
    #expect(
      Provenance.portable(arguments)
        == ["in.json", "-o", "run", "--data=d.h5#/water", "--seed", "7"])
  }

  @Test func `provenance numbers the inputs and keeps their digests`() {
    var provenance = Provenance(tool: "dp-stat", arguments: ["a/x.h5"])
    provenance.recordInput("a/x.h5", sha256: "ab")
    provenance.recordInput("b/x.h5", sha256: "cd")
    provenance.record("seed", 3)
    #expect(provenance.attributes["input.2"] == "x.h5 sha256:cd")
    #expect(provenance.attributes["arguments"] == "x.h5")
    #expect(provenance.attributes["seed"] == "3")
  }
}
