# Other people's libraries, each found once. Which module may use which: tests/architecture.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(SQLiteCpp REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(crypto REQUIRED IMPORTED_TARGET libcrypto)
pkg_check_modules(utf8proc REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(torrent REQUIRED IMPORTED_TARGET libtorrent-rasterbar)
pkg_check_modules(curl REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(expat REQUIRED IMPORTED_TARGET expat)
pkg_check_modules(archive REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(systemd REQUIRED IMPORTED_TARGET libsystemd)

# libtorrent's defines hold for every file, whether it includes libtorrent or not.
foreach(flag IN LISTS torrent_CFLAGS_OTHER)
    add_compile_options(${flag})
endforeach()
