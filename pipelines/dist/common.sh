# What the scripts for packages have in common; they run in the checkout, and set $bin and $v4.

release=$(sed -n 's/#define DP_RELEASE "\(.*\)"/\1/p' Sources/CVersion/include/CVersion.h)
tools=$(grep -o 'T("[a-z-]*"' Sources/CToolbox/toolbox.c | cut -d '"' -f 2)
# Files of packages have the time of the last commit: the same sources give the same bytes.
time=$(git log -1 --format=%ct 2>/dev/null || echo 0)

# tools_below FOLDER [LIBRARY ...]: all tools in FOLDER, as one program and links to it.
tools_below() {
  below=$1
  shift
  mkdir -p "$below"
  pipelines/link-tools "$bin" "$v4" "$below/dp" "$@"
  for tool in $tools; do [ "$tool" = dp ] || ln -sf dp "$below/$tool"; done
}

# both_libraries: the path of the library with the kernels of both builds, if there are two.
both_libraries() {
  library=$bin/libdeepmd_c.so
  if [ "$v4" ]; then
    library=build/dist/libdeepmd_c.so
    mkdir -p build/dist
    pipelines/link-library "$bin" "$v4" "$library"
  fi
  echo "$library"
}

# texts_below FOLDER: the documentation, and the examples.
texts_below() {
  mkdir -p "$1/examples"
  cp README.md CHANGELOG.md docs/*.md "$1/"
  cp docs/example/* "$1/examples/"
  for input in pipelines/*/input.json; do
    cp "$input" "$1/examples/$(basename "$(dirname "$input")").json"
  done
}
