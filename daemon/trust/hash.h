#pragma once

#include "base/bytes.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace croft::trust {

/// SHA-256 of a whole document.
Sha256 sha256(std::string_view bytes);

/// SHA-256 of what comes piece by piece, in constant memory.
class Sha256Stream {
public:
    Sha256Stream();
    Sha256Stream(Sha256Stream&&) noexcept;
    Sha256Stream& operator=(Sha256Stream&&) noexcept;
    ~Sha256Stream();

    void update(std::span<const std::uint8_t> bytes);
    Sha256 finish();  ///< once; the hash is spent

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// BLAKE2b-512, what minisign's prehashed signatures sign (RFC 7693). Streams: constant memory.
class Blake2b {
public:
    using Digest = std::array<std::uint8_t, 64>;

    Blake2b();
    Blake2b(Blake2b&&) noexcept;
    Blake2b& operator=(Blake2b&&) noexcept;
    ~Blake2b();

    void update(std::span<const std::uint8_t> bytes);
    Digest finish();  ///< once; the hash is spent

    static Digest of(std::string_view bytes);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace croft::trust
