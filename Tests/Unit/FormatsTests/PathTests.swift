import Files
import Testing

@Test(arguments: [
  ("m", ""), ("", ""), (".", ""), ("-", ""), ("ab", ""), ("a/", ""), ("a/b", "a"), ("a/b/", "a"),
  ("a//b", "a"), ("/a", "/"), ("//a", "/"), ("/", "/"), ("/a/b", "/a"), ("é/ü", "é"),
  ("../x", ".."),
])
func `the folder of a path is known, however short the path`(path: String, folder: String) {
  #expect(parentFolder(of: path) == folder)
}
