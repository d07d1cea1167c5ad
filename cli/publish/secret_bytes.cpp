#include "cli/publish/secret_bytes.h"

#include <sodium.h>

#include <algorithm>
#include <cassert>
#include <new>

namespace croft::publish {

SecretBytes::SecretBytes(std::size_t size) : size_(size) {
    if (sodium_init() < 0) throw std::bad_alloc();
    data_ = static_cast<std::uint8_t*>(sodium_malloc(size));
    if (!data_) throw std::bad_alloc();
    sodium_memzero(data_, size_);
}

SecretBytes::SecretBytes(std::string_view text) : SecretBytes(text.size()) {
    std::ranges::copy(text, data_);
}

SecretBytes::~SecretBytes() { sodium_free(data_); }

void SecretBytes::shorten(std::size_t size) {
    assert(size <= size_);
    sodium_memzero(data_ + size, size_ - size);
    size_ = size;
}

}  // namespace croft::publish
