#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What in a folder is nobody else's business: looked for before anything is signed.
namespace croft::publish {

/// Which rule says that a path must not be published (`.env`, `id_*`, …), by its components and in
/// any case; empty where none does.
std::string_view secret_name(std::string_view path);

/// Whether one of the user's patterns (globs, on the whole path or on any one component) lets it
/// pass.
bool is_allowed(std::string_view path, std::span<const std::string> patterns);

/// Counts what looks like e-mail addresses in text that comes in pieces.
class AddressCounter {
public:
    void take(std::span<const std::uint8_t> piece);
    std::uint64_t finish();

private:
    void scan(bool at_end);

    std::string text_;      // what may still belong to an address
    std::size_t from_ = 0;  // where the next `@` is looked for
    std::uint64_t count_ = 0;
};

}  // namespace croft::publish
