#pragma once

#include "base/result.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

/// Secrets of the control API: who holds one may do what its route allows.
namespace croft::api {

/// 256 random bits in hex, from the kernel.
Result<std::string> make_token();

/// A new token in `path`, readable by its owner only (0400); replaces an older one.
Result<std::string> renew_token(const std::filesystem::path& path);

/// The token in `path`, made there where it is missing or is no token.
Result<std::string> keep_token(const std::filesystem::path& path);

/// Takes the same time wherever the two differ.
bool is_same_secret(std::string_view one, std::string_view other);

/// Codes that `croft open` hands to the browser: each is worth a token once, for 60 seconds.
class SessionCodes {
public:
    static constexpr std::chrono::seconds lifetime{60};

    /// `Q7WZ-K2MD-9XTV`: 60 bits in Crockford's base32. At most 16 wait at a time.
    Result<std::string> make(std::chrono::steady_clock::time_point now);
    /// Whether it was one of ours and still good; it is spent in any case.
    bool spend(std::string_view code, std::chrono::steady_clock::time_point now);

private:
    void forget_old(std::chrono::steady_clock::time_point now);
    std::map<std::string, std::chrono::steady_clock::time_point> until_;
};

/// So many a second, and as many at once.
class RateLimit {
public:
    explicit RateLimit(double per_second) : per_second_(per_second), tokens_(per_second) {}
    bool take(std::chrono::steady_clock::time_point now);

private:
    double per_second_, tokens_;
    std::chrono::steady_clock::time_point last_{};
};

}  // namespace croft::api
