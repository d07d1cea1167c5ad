#include "api/token.h"

#include "base/file.h"
#include "base/hex.h"

#include <sys/random.h>

#include <algorithm>
#include <array>

namespace croft::api {
namespace {

constexpr std::size_t token_bytes = 32;
constexpr std::size_t waiting_codes = 16;

template <std::size_t N>
Result<std::array<std::uint8_t, N>> random_bytes() {
    std::array<std::uint8_t, N> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
        return tl::unexpected(system_error("get random bytes from", "the kernel", errno));
    }
    return bytes;
}

}  // namespace

Result<std::string> make_token() {
    const auto bytes = random_bytes<token_bytes>();
    if (!bytes) return tl::unexpected(bytes.error());
    return to_hex(*bytes);
}

Result<std::string> renew_token(const std::filesystem::path& path) {
    auto token = make_token();
    if (!token) return token;
    if (auto written = write_file(path, *token + "\n", 0400); !written) {
        return tl::unexpected(written.error());
    }
    return token;
}

Result<std::string> keep_token(const std::filesystem::path& path) {
    const auto found = read_file(path, 2 * token_bytes + 1);
    if (found && found->size() == 2 * token_bytes + 1) {
        const std::string digits = found->substr(0, 2 * token_bytes);
        if (bytes_from_hex<token_bytes>(digits)) return digits;
    }
    return renew_token(path);
}

bool is_same_secret(std::string_view one, std::string_view other) {
    if (one.size() != other.size()) return false;
    unsigned char differences = 0;
    for (std::size_t i = 0; i < one.size(); ++i)
        differences = static_cast<unsigned char>(differences | (one[i] ^ other[i]));
    return differences == 0;
}

Result<std::string> SessionCodes::make(std::chrono::steady_clock::time_point now) {
    static constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    forget_old(now);
    if (until_.size() >= waiting_codes) {
        return fail(Errc::unavailable, "too_many_codes",
                    "many one-time codes wait to be used already; try again in a minute");
    }
    const auto bytes = random_bytes<12>();
    if (!bytes) return tl::unexpected(bytes.error());
    std::string code;
    for (std::size_t i = 0; i < bytes->size(); ++i) {
        if (i == 4 || i == 8) code += '-';
        code += alphabet[(*bytes)[i] % alphabet.size()];
    }
    until_[code] = now + lifetime;
    return code;
}

bool SessionCodes::spend(std::string_view code, std::chrono::steady_clock::time_point now) {
    forget_old(now);
    bool is_good = false;
    for (auto at = until_.begin(); at != until_.end();) {
        const bool is_this = is_same_secret(at->first, code);
        is_good = is_good || is_this;
        at = is_this ? until_.erase(at) : std::next(at);
    }
    return is_good;
}

void SessionCodes::forget_old(std::chrono::steady_clock::time_point now) {
    std::erase_if(until_, [&](const auto& entry) { return entry.second <= now; });
}

bool RateLimit::take(std::chrono::steady_clock::time_point now) {
    const double passed = std::chrono::duration<double>(now - last_).count();
    last_ = now;
    tokens_ = std::min(per_second_, tokens_ + passed * per_second_);
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
}

}  // namespace croft::api
