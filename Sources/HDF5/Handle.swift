import CHDF5
import Diagnostics

/// An HDF5 identifier of any kind, released when it goes out of use.
struct Handle: ~Copyable {
  let id: hid_t  // the only member, so that close() may discard self

  /// Takes over `id`, or throws `error` with HDF5's reason if `id` is the result of a failed call.
  init(_ id: hid_t, orThrow error: @autoclosure () -> ToolError) throws {
    self.id = try check(id, orThrow: error())
  }

  deinit { H5Idec_ref(id) }

  /// Releases the identifier now; writers call it to learn of data that could not be stored.
  consuming func close(orThrow error: @autoclosure () -> ToolError) throws {
    let id = id
    discard self
    try check(H5Idec_ref(id), orThrow: error())
  }
}

/// Returns `status` unless it is negative; then throws `error` with HDF5's innermost reason added.
@discardableResult
func check<Status: SignedInteger>(
  _ status: Status, orThrow error: @autoclosure () -> ToolError
) throws -> Status {
  if status >= 0 { return status }
  var failure = error()
  if let reason = innermostReason() {
    if isReadFailure(reason) {
      throw ToolError(.io, at: failure.place, "cannot be read: \(reason)")
    }
    failure.problem += " (HDF5: \(reason))"
  }
  throw failure
}

/// Throws, at the place of `error`, if the call that just failed did so because of the disk;
/// otherwise the failure is a valid answer.
///
/// Without this, data that cannot be read would look like missing data.
func throwIfUnreadable(_ error: @autoclosure () -> ToolError) throws {
  if let reason = innermostReason(), isReadFailure(reason) {
    throw ToolError(.io, at: error().place, "cannot be read: \(reason)")
  }
}

/// Whether HDF5 reports that the system could not read a part of the file.
private func isReadFailure(_ reason: String) -> Bool { reason.hasPrefix("file read failed") }

/// The first entry of this thread's HDF5 error stack; the stack is then cleared.
private func innermostReason() -> String? {
  var reason: String?
  _ = withUnsafeMutablePointer(to: &reason) { pointer in
    H5Ewalk2(
      hid_t(H5E_DEFAULT), H5E_WALK_UPWARD,
      { depth, entry, context in
        if depth == 0, let text = entry?.pointee.desc {
          context?.assumingMemoryBound(to: String?.self).pointee = String(cString: text)
        }
        return 0
      }, pointer)
  }
  H5Eclear2(hid_t(H5E_DEFAULT))
  return reason
}

/// Keeps HDF5 from printing its error stack; the setting belongs to the calling thread.
func silenceErrorPrinting() {
  // HDF5's code at the end of a process crashes if a file could not be closed.  This program closes
  // every file itself.
  H5dont_atexit()
  H5Eset_auto2(hid_t(H5E_DEFAULT), nil, nil)
}
