#include "trust/hash.h"

#include <sodium.h>

#include <cassert>

namespace croft::trust {
namespace {

/// libsodium picks its fastest code for this processor once; without, it works, slowly.
void prepare_sodium() {
    static const int prepared = sodium_init();
    assert(prepared >= 0);
}

}  // namespace

Sha256 sha256(std::string_view bytes) {
    prepare_sodium();
    Sha256 hash;
    crypto_hash_sha256(hash.bytes.data(), as_bytes(bytes).data(), bytes.size());
    return hash;
}

struct Sha256Stream::State {
    crypto_hash_sha256_state state;
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {
    prepare_sodium();
    crypto_hash_sha256_init(&state_->state);
}

Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;
Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::update(std::span<const std::uint8_t> bytes) {
    crypto_hash_sha256_update(&state_->state, bytes.data(), bytes.size());
}

Sha256 Sha256Stream::finish() {
    Sha256 hash;
    crypto_hash_sha256_final(&state_->state, hash.bytes.data());
    return hash;
}

struct Blake2b::State {
    crypto_generichash_state state;
};

Blake2b::Blake2b() : state_(std::make_unique<State>()) {
    prepare_sodium();
    crypto_generichash_init(&state_->state, nullptr, 0, std::tuple_size_v<Digest>);
}

Blake2b::Blake2b(Blake2b&&) noexcept = default;
Blake2b& Blake2b::operator=(Blake2b&&) noexcept = default;
Blake2b::~Blake2b() = default;

void Blake2b::update(std::span<const std::uint8_t> bytes) {
    crypto_generichash_update(&state_->state, bytes.data(), bytes.size());
}

Blake2b::Digest Blake2b::finish() {
    Digest digest{};
    crypto_generichash_final(&state_->state, digest.data(), digest.size());
    return digest;
}

Blake2b::Digest Blake2b::of(std::string_view bytes) {
    Blake2b hash;
    hash.update(as_bytes(bytes));
    return hash.finish();
}

}  // namespace croft::trust
