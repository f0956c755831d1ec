# What pipelines/link-library and pipelines/link-tools have in common; they set $bin and $scratch.

swift=$(dirname "$(command -v swiftc)")

# archive NAME: libNAME.a of the system, or -lNAME where there is only the shared library.
archive() {
  found=$("$swift/clang" -print-file-name="lib$1.a")
  if [ -f "$found" ]; then echo "$found"; else echo "-l$1"; fi
}

# hdf5_archive: HDF5 as an archive, in the scratch folder.
hdf5_archive() {
  static=$(pkg-config --variable=libdir hdf5)/libhdf5.a
  [ -f "$static" ] || static=$(pkg-config --libs-only-L hdf5 | sed 's/^-L//; s/ .*//')/libhdf5.a
  if [ ! -f "$static" ]; then
    echo "$static: no such file; the library has HDF5 in it, so it needs Fedora's hdf5-static," >&2
    echo "openSUSE's hdf5-devel-static or an HDF5 built with static libraries; make tools does without." >&2
    exit 1
  fi
  # Debian's is not built for shared libraries, which only shows where it names these two.  Nothing
  # unwinds calls of C.
  objcopy --redefine-sym stderr=hdf5_stderr --redefine-sym stdout=hdf5_stdout \
    --remove-section=.eh_frame --remove-section=.rela.eh_frame "$static" "$scratch/libhdf5.a"
  echo "$scratch/libhdf5.a"
}

# swift_archives: what Foundation consists of, and no ICU tables: of languages and calendars, half
# of all bytes, which nothing here asks for.
swift_archives() {
  echo -lFoundation -lCoreFoundation -lFoundationInternationalization -lFoundationEssentials \
    -l_FoundationICU -l_FoundationCollections -l_FoundationCShims -lstdc++
  nm "$swift/../lib/swift_static/linux/lib_FoundationICU.a" 2>/dev/null |
    sed -n 's/.* R \(icudt[0-9]*_dat\)$/-Xlinker --defsym=\1=no_icu_tables/p'
}

# old_cores ARCHIVE: the options that leave out its kernels for CPUs without AVX2, on which nothing
# here runs, if it is an OpenBLAS that chooses at run time.
old_cores() {
  nm "$1" 2>/dev/null | grep -q ' D gotoblas_PRESCOTT$' || return 0
  for core in ATOM BARCELONA BOBCAT BULLDOZER CORE2 DUNNINGTON NANO NEHALEM OPTERON OPTERON_SSE3 PENRYN \
    PILEDRIVER SANDYBRIDGE STEAMROLLER; do
    echo "-Xlinker --defsym=gotoblas_$core=gotoblas_PRESCOTT"
  done
}

# one_set PREFIX NAMES OUT OBJECT ...: joins objects to one that shows NAMES alone, each with PREFIX
# before it, so that the same objects for two CPUs fit into one program.
one_set() {
  prefix=$1 names=$2 joined=$3 kept='' renamed=''
  shift 3
  for name in $names; do
    kept="$kept --keep-global-symbol=$name" renamed="$renamed --redefine-sym $name=$prefix$name"
  done
  "$swift/ld.lld" -r --force-group-allocation -o "$joined.all" "$@"
  # shellcheck disable=SC2086  # lists of options
  objcopy $kept "$joined.all" && objcopy $renamed "$joined.all" "$joined" && rm "$joined.all"
}

# static_stdcxx: the option by which -lstdc++ is the archive, since the shared library of this
# system may be newer than another's.
static_stdcxx() {
  mkdir -p "$scratch/static"
  ln -sf "$("$swift/clang" -print-file-name=libstdc++.a)" "$scratch/static/"
  echo "-L$scratch/static"
}
