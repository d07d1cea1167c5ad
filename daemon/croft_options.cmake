# How every file of ours is compiled. One set of flags for the whole project: libtorrent's
# headers change meaning with their defines, so these belong to everybody (one definition rule).

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -fno-omit-frame-pointer)
add_compile_definitions(CROFT_VERSION="${PROJECT_VERSION}")

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC 12 sees an overlap in `"text" + string` that is not there (GCC bug 105651).
    add_compile_options(-Wno-restrict)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # clang 14 does not announce the coroutines that Boost 1.74 asks for.
    add_compile_definitions(__cpp_impl_coroutine=201902L BOOST_ASIO_HAS_CO_AWAIT=1
                            BOOST_ASIO_HAS_STD_COROUTINE=1)
    add_compile_options(-Wno-builtin-macro-redefined -Wno-reserved-id-macro)
endif()

if(CROFT_SANITIZE)
    add_compile_options(-fsanitize=${CROFT_SANITIZE} -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${CROFT_SANITIZE})
endif()
if(CROFT_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
    add_link_options(-fsanitize=address,undefined)
endif()

if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
    # Asserts stay (no NDEBUG): a broken invariant stops the daemon instead of the archive.
    add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -D_GLIBCXX_ASSERTIONS
                        -fstack-protector-strong -fcf-protection)
    add_link_options(-pie -Wl,-z,relro,-z,now)
endif()

if(CROFT_TIDY)
    set(CMAKE_CXX_CLANG_TIDY clang-tidy-14 --quiet)
endif()

find_program(ccache ccache)
if(ccache AND NOT CROFT_TIDY)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${ccache})
endif()
find_program(mold mold)
if(mold AND NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    add_link_options(-fuse-ld=mold)
endif()
