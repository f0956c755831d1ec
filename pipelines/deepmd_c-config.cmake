# find_package(deepmd_c), then target_link_libraries(program deepmd_c::deepmd_c)
get_filename_component(_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
if(NOT TARGET deepmd_c::deepmd_c)
  add_library(deepmd_c::deepmd_c SHARED IMPORTED)
  set_target_properties(deepmd_c::deepmd_c PROPERTIES
    IMPORTED_LOCATION "${_prefix}/lib/libdeepmd_c.so"
    INTERFACE_INCLUDE_DIRECTORIES "${_prefix}/include")
endif()
unset(_prefix)
