#include "base/bencode.h"

#include "fuzz/fuzz.h"

namespace croft::fuzz {
namespace {

void encode(std::string& out, const bencode::Value& value) {
    if (value.is_integer()) return bencode::append_integer(out, value.integer());
    if (value.is_string()) return bencode::append_string(out, value.string());
    out += value.is_list() ? 'l' : 'd';
    if (value.is_list()) {
        for (const auto& item : value.list())
            encode(out, item);
    } else {
        for (const auto& [key, member] : value.dictionary()) {
            bencode::append_string(out, key);
            encode(out, member);
        }
    }
    out += 'e';
}

}  // namespace

/// A value has one encoding: what was read is what would be written.
void try_input(const std::string& input) {
    const auto value = bencode::parse(input);
    if (!value) return;
    std::string bytes;
    encode(bytes, *value);
    require(bytes == input && value->raw() == input);
}

}  // namespace croft::fuzz
