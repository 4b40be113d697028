# Compiler, linker and cache settings shared by every room.
find_program(SB_CCACHE ccache)
if(SB_CCACHE)
  # Without these words the cache refuses everything that has a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}"
    CCACHE_NOHASHDIR=1 "${SB_CCACHE}")
endif()

find_program(SB_MOLD mold)
if(SB_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_library(sb_options INTERFACE)
# The matcher counts bits: without this every count is a call. Every server processor since 2009 has it.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_options(sb_options INTERFACE -march=x86-64-v2)
endif()
target_include_directories(sb_options INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(sb_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
  $<$<BOOL:${SB_WERROR}>:-Werror>
  # g++ 12 reports false positives of these in inlined library code at -O2
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized -Wno-restrict -Wno-dangling-pointer -Wno-stringop-overflow
    -Wno-stringop-overread -Wno-array-bounds -Wno-free-nonheap-object>
  # in a unity build no file is the main one, so its unnamed namespaces look shared
  $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
# Precompiled headers and ccache agree only if the header's own dump carries no dates.
target_compile_options(sb_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
target_link_libraries(sb_options INTERFACE pthread)

if(SB_SANITIZE)
  target_compile_options(sb_options INTERFACE -fsanitize=${SB_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(sb_options INTERFACE -fsanitize=${SB_SANITIZE})
  if(SB_SANITIZE MATCHES "thread")
    target_compile_options(sb_options INTERFACE -Wno-tsan)
  endif()
endif()
