#pragma once

#include "base/bytes.h"

#include <cstdint>
#include <span>
#include <utility>

struct evp_md_ctx_st;

namespace croft::bundle {

/// A streaming SHA-1 or SHA-256 (`Hash` says which) by libcrypto, which uses the CPU's own
/// instructions for it. Not for two threads at once; costs nothing to use again.
template <class Hash>
class Digest {
public:
    Digest();
    Digest(Digest&& other) noexcept : context_(std::exchange(other.context_, nullptr)) {}
    Digest& operator=(Digest&& other) noexcept {
        std::swap(context_, other.context_);
        return *this;
    }
    ~Digest();

    void update(std::span<const std::uint8_t> bytes);
    Hash finish();  ///< and begins anew

    Hash of(std::span<const std::uint8_t> bytes) {
        update(bytes);
        return finish();
    }

private:
    evp_md_ctx_st* context_ = nullptr;
};

extern template class Digest<Sha1>;
extern template class Digest<Sha256>;

}  // namespace croft::bundle
