#include "bundle/digest_impl.h"

#include <openssl/evp.h>

#include <cassert>
#include <type_traits>

namespace croft::bundle {
namespace {

/// Looked up once a process: in OpenSSL 3 a look-up by name costs more than hashing a block.
template <class Hash>
const EVP_MD* algorithm() {
    static const EVP_MD* const fetched =
        EVP_MD_fetch(nullptr, std::is_same_v<Hash, Sha1> ? "SHA1" : "SHA256", nullptr);
    return fetched;
}

}  // namespace

template <class Hash>
Digest<Hash>::Digest() : context_(EVP_MD_CTX_new()) {
    const int begun = EVP_DigestInit_ex(context_, algorithm<Hash>(), nullptr);
    assert(begun == 1);
}

template <class Hash>
Digest<Hash>::~Digest() {
    EVP_MD_CTX_free(context_);
}

template <class Hash>
void Digest<Hash>::update(std::span<const std::uint8_t> bytes) {
    EVP_DigestUpdate(context_, bytes.data(), bytes.size());
}

template <class Hash>
Hash Digest<Hash>::finish() {
    Hash hash;
    EVP_DigestFinal_ex(context_, hash.bytes.data(), nullptr);
    EVP_DigestInit_ex(context_, nullptr, nullptr);
    return hash;
}

template class Digest<Sha1>;
template class Digest<Sha256>;

}  // namespace croft::bundle
