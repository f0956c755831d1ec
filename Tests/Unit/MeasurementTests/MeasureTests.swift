import Dispatch
import Foundation
import Measurement
import Testing

/// There is one recorder in a process: its tests take turns.
@Suite(.serialized) struct MeasureTests {
  /// What `body` recorded on this thread and others that were busy with the phase `.statistics`;
  /// threads of tests that run at the same time are left out.
  private func record(events: Int = 100, _ body: () -> Void) -> Recording {
    Recorder.begin(events: events)
    body()
    measure(.statistics) {}
    var recording = Recorder.finish()
    recording.threads.removeAll { $0.totals[Int(Phase.statistics.rawValue)].seconds == 0 }
    return recording
  }

  @Test func `without a recorder nothing is recorded and no work is counted`() {
    var counted = 0
    func count() -> Work {
      counted += 1
      return .uncounted
    }
    let value = measure(.loss, count()) { 7 }
    #expect(value == 7 && counted == 0)
    #expect(record {}[.loss] == PhaseTotal())
  }

  @Test func `each recording starts with nothing`() {
    let first = record { measure(.loss) {} }
    let second = record { measure(.forces) {} }
    #expect(first[.loss].calls == 1 && second[.loss].calls == 0 && second[.forces].calls == 1)
    #expect(
      second.threads.count == 1 && second.threads[0].events.map(\.phase) == [.forces, .statistics])
  }

  @Test func `a piece inside another counts once`() throws {
    let recording = record {
      measure(.step) {
        measure(.loss) { Thread.sleep(forTimeInterval: 0.002) }
        measure(.forces) { measure(.parallel) { Thread.sleep(forTimeInterval: 0.002) } }
      }
    }
    let thread = try #require(recording.threads.first)
    #expect(thread.events.map(\.phase) == [.loss, .parallel, .forces, .step, .statistics])
    let step = recording[.step]
    let inside = recording[.loss].seconds + recording[.forces].seconds
    #expect(step.seconds >= inside && inside >= 0.004)
    #expect(abs(step.ownSeconds - (step.seconds - inside)) <= 1e-12)
    // Own times of all phases add up to the outermost piece.
    let own = Phase.allCases.reduce(0) { $0 + recording[$1].ownSeconds }
    #expect(abs(own - step.seconds - recording[.statistics].seconds) <= 1e-12)
    #expect(recording.seconds >= step.seconds)
    for event in thread.events {
      #expect(event.start >= recording.start && event.end <= recording.end)
      #expect(event.start <= event.end)
    }
  }

  @Test func `an error passes through and ends its piece`() {
    struct Problem: Error {}
    let recording = record {
      measure(.step) {
        #expect(throws: Problem.self) { try measure(.loss) { throw Problem() } }
        measure(.forces) {}
      }
    }
    #expect(recording[.loss].calls == 1 && recording[.forces].calls == 1)
    #expect(recording[.step].calls == 1)
  }

  @Test func `threads record side by side`() {
    let items = 64
    let recording = record {
      measure(.parallel) {
        DispatchQueue.concurrentPerform(iterations: items) { _ in
          measure(.statistics, Work(operations: 3, bytes: 5)) {
            Thread.sleep(forTimeInterval: 0.001)  // so that more than one thread gets some
          }
        }
      }
    }
    let total = recording[.statistics]
    #expect(total.calls == items + 1)
    #expect(total.work == Work(operations: 3 * Double(items), bytes: 5 * Double(items)))
    #expect(Set(recording.threads.map(\.number)).count == recording.threads.count)
    for thread in recording.threads {
      // Pieces on one thread follow each other or lie within each other.
      let events = thread.events.sorted { $0.start < $1.start }
      for (one, next) in zip(events, events.dropFirst()) {
        #expect(next.start >= one.end || next.end <= one.end)
      }
    }
  }

  @Test func `helpers continue a phase: it takes their time, but is no further call`() {
    #expect(phaseUnderWay == nil)
    let recording = record {
      #expect(phaseUnderWay == nil)
      measure(.step) {
        #expect(phaseUnderWay == nil)
        measure(.statistics, Work(operations: 5, bytes: 1)) {
          let phase = phaseUnderWay
          #expect(phase == .statistics)
          measure(.parallel) {
            #expect(phaseUnderWay == .statistics)
            DispatchQueue.concurrentPerform(iterations: 2) { _ in
              measure(continuing: phase) { Thread.sleep(forTimeInterval: 0.002) }
            }
          }
        }
      }
    }
    let total = recording[.statistics]
    #expect(total.calls == 2 && total.work.operations == 5)  // one is the recording's own
    #expect(total.ownSeconds >= 0.004)
    #expect(recording[.step].ownSeconds <= recording[.step].seconds - 0.002)
  }

  @Test func `threads that come after others have ended take their logs`() {
    let recording = record {
      for _ in 0..<20 {
        let thread = Thread { measure(.statistics) {} }
        thread.start()
        while !thread.isFinished { Thread.sleep(forTimeInterval: 0.0005) }
        Thread.sleep(forTimeInterval: 0.002)  // its log is given back a moment later
      }
    }
    #expect(recording[.statistics].calls == 21)
    #expect(recording.threads.count < 20)
  }

  @Test func `memory is bounded and totals stay exact`() throws {
    let recording = record(events: 10) {
      for _ in 0..<1000 { measure(.loss, Work(operations: 2, bytes: 1)) {} }
    }
    let thread = try #require(recording.threads.first)
    #expect(thread.events.count == 10 && thread.droppedEvents == 991)
    #expect(recording[.loss].calls == 1000 && recording[.loss].work.operations == 2000)
  }

  @Test func `a piece under way when a recording begins is not in it`() {
    Recorder.begin()
    let recording = measure(.step) {
      _ = Recorder.finish()
      return record { measure(.loss) {} }
    }
    #expect(recording[.loss].calls == 1 && recording[.step].calls == 0)
    #expect(record {}[.step].calls == 0)
  }

  @Test func `every phase has a name of its own`() {
    let names = Phase.allCases.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(Phase.allCases.enumerated().allSatisfy { $0 == Int($1.rawValue) })
  }
}
