#include "catalog/pointer.h"

#include "base/bencode.h"

#include <algorithm>

namespace croft::catalog {
namespace {

constexpr std::size_t value_cap = 1000;  // BEP 44
constexpr std::int64_t integer_cap = (1LL << 53) - 1;

tl::unexpected<Error> refuse(std::string_view what) {
    return fail(Errc::malformed, "bad_pointer", "not a pointer: " + std::string(what));
}

template <class Digest>
bool take(const bencode::Value& dictionary, std::string_view key, Digest& digest) {
    const bencode::Value* value = dictionary.find(key);
    if (!value || !value->is_string() || value->string().size() != digest.bytes.size())
        return false;
    std::ranges::copy(as_bytes(value->string()), digest.bytes.begin());
    return true;
}

bool take(const bencode::Value& dictionary, std::string_view key, std::int64_t& number) {
    const bencode::Value* value = dictionary.find(key);
    if (!value || !value->is_integer()) return false;
    number = value->integer();
    return number > 0 && number <= integer_cap;
}

template <class Digest>
void append(std::string& out, std::string_view key, const Digest& digest) {
    bencode::append_string(out, key);
    bencode::append_string(out, as_text(digest.bytes));
}

void append(std::string& out, std::string_view key, std::int64_t number) {
    bencode::append_string(out, key);
    bencode::append_integer(out, number);
}

}  // namespace

std::string write(const Pointer& pointer) {
    std::string out = "d";
    append(out, "c", pointer.catalogue);
    append(out, "ih", pointer.feed_torrent_v1);
    append(out, "ih2", pointer.feed_torrent_v2);
    append(out, "n", static_cast<std::int64_t>(pointer.catalogue_version));
    append(out, "x", std::int64_t{pointer.expires.time_since_epoch().count()});
    append(out, "z", static_cast<std::int64_t>(pointer.catalogue_size));
    return out + "e";
}

std::string signed_buffer(std::string_view salt, std::int64_t sequence, std::string_view value) {
    std::string out;
    if (!salt.empty()) {
        bencode::append_string(out, "salt");
        bencode::append_string(out, salt);
    }
    append(out, "seq", sequence);
    bencode::append_string(out, "v");
    out += value;
    return out;
}

Result<Pointer> parse_pointer(std::string_view value) {
    if (value.size() > value_cap) return refuse("above 1,000 bytes");
    const auto dictionary = bencode::parse(value);
    if (!dictionary) return tl::unexpected(dictionary.error());
    Pointer pointer;
    std::int64_t version = 0, expires = 0, size = 0;
    if (!take(*dictionary, "c", pointer.catalogue)) return refuse("c is no SHA-256");
    if (!take(*dictionary, "ih", pointer.feed_torrent_v1)) return refuse("ih is no v1 info-hash");
    if (!take(*dictionary, "ih2", pointer.feed_torrent_v2)) return refuse("ih2 is no v2 info-hash");
    if (!take(*dictionary, "n", version)) return refuse("n is no version");
    if (!take(*dictionary, "x", expires)) return refuse("x is no time");
    if (!take(*dictionary, "z", size)) return refuse("z is no size");
    pointer.catalogue_version = static_cast<std::uint64_t>(version);
    pointer.expires = Time(std::chrono::seconds(expires));
    pointer.catalogue_size = static_cast<std::uint64_t>(size);
    return pointer;
}

}  // namespace croft::catalog
