import Diagnostics
import Foundation

/// Turns SVG into PNG with librsvg and cairo, which are loaded only when they are needed, so that
/// nothing else depends on them.
///
/// Source: librsvg's and cairo's C interfaces, which stay the same for all versions with these
/// `.so.2` names.
public enum PNG {
  private typealias Pointer = UnsafeMutableRawPointer
  private struct Rectangle { var x = 0.0, y = 0.0, width = 0.0, height = 0.0 }

  /// The advice if a library is missing.
  private static let remedy =
    "install librsvg2-2 and fonts-dejavu-core (apt-get install librsvg2-2 fonts-dejavu-core), or "
    + "write .svg"

  /// The picture `svg` of `width` by `height` pixels as a PNG file, with `scale` pixels of the file
  /// for one of the picture.
  ///
  /// Throws `.missingInput` if the libraries are not installed, `.data` if they cannot draw the
  /// picture.
  public static func render(
    _ svg: String, width: Double, height: Double, scale: Double
  ) throws -> [UInt8] {
    let rsvg = try open("librsvg-2.so.2"), cairo = try open("libcairo.so.2")
    let objects = try open("libgobject-2.0.so.0")
    let unref: @convention(c) (Pointer) -> Void = try find("g_object_unref", in: objects)
    let handle = try parse(svg, rsvg)
    defer { unref(handle) }

    let create: @convention(c) (Int32, Int32, Int32) -> Pointer? = try find(
      "cairo_image_surface_create", in: cairo)
    let destroySurface: @convention(c) (Pointer) -> Void = try find(
      "cairo_surface_destroy", in: cairo)
    let context: @convention(c) (Pointer) -> Pointer? = try find("cairo_create", in: cairo)
    let destroy: @convention(c) (Pointer) -> Void = try find("cairo_destroy", in: cairo)
    let columns = (width * scale).rounded(), rows = (height * scale).rounded()
    guard columns >= 1, rows >= 1, columns < 32000, rows < 32000,
      let surface = create(0, Int32(columns), Int32(rows))
    else { throw ToolError(.data, at: "", "a picture of \(columns) × \(rows) pixels is too large") }
    defer { destroySurface(surface) }
    guard let drawing = context(surface) else { throw failed("cairo gives no context") }
    defer { destroy(drawing) }

    var viewport = Rectangle(width: columns, height: rows)
    let draw:
      @convention(c) (
        Pointer, Pointer, UnsafePointer<CDouble>, UnsafeMutablePointer<Pointer?>?
      ) -> Int32 = try find("rsvg_handle_render_document", in: rsvg)
    let isDrawn = withUnsafePointer(to: &viewport) { pointer in
      pointer.withMemoryRebound(to: CDouble.self, capacity: 4) {
        draw(handle, drawing, $0, nil) != 0
      }
    }
    guard isDrawn else { throw failed("librsvg cannot draw the picture") }
    return try written(surface, cairo)
  }

  private static func parse(_ svg: String, _ rsvg: Pointer) throws -> Pointer {
    let read:
      @convention(c) (
        UnsafePointer<UInt8>?, UInt, UnsafeMutablePointer<Pointer?>?
      ) -> Pointer? = try find("rsvg_handle_new_from_data", in: rsvg)
    let bytes = Array(svg.utf8)
    guard let handle = read(bytes, UInt(bytes.count), nil) else {
      throw failed("librsvg cannot read the picture")
    }
    return handle
  }

  /// The surface as the bytes of a PNG file.
  private static func written(_ surface: Pointer, _ cairo: Pointer) throws -> [UInt8] {
    typealias Sink = @convention(c) (Pointer?, UnsafePointer<UInt8>?, UInt32) -> Int32
    let write: @convention(c) (Pointer, Sink, Pointer?) -> Int32 = try find(
      "cairo_surface_write_to_png_stream", in: cairo)
    var bytes: [UInt8] = []
    let status = withUnsafeMutablePointer(to: &bytes) { target in
      let sink: Sink = { target, data, count in
        target?.assumingMemoryBound(to: [UInt8].self).pointee.append(
          contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
        return 0
      }
      return write(surface, sink, Pointer(target))
    }
    guard status == 0, !bytes.isEmpty else { throw failed("cairo cannot write PNG (\(status))") }
    return bytes
  }

  private static func open(_ name: String) throws -> Pointer {
    guard let library = dlopen(name, RTLD_NOW | RTLD_LOCAL) else {
      throw ToolError(.missingInput, at: name, "cannot be loaded: PNG needs it", remedy: remedy)
    }
    return library
  }

  private static func find<Function>(_ name: String, in library: Pointer) throws -> Function {
    guard let symbol = dlsym(library, name) else {
      throw ToolError(.missingInput, at: name, "is not in the installed library", remedy: remedy)
    }
    return unsafeBitCast(symbol, to: Function.self)
  }

  private static func failed(_ problem: String) -> ToolError {
    ToolError(.software, at: "", problem)
  }
}
