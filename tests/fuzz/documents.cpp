#include "catalog/beacon.h"
#include "catalog/catalogue.h"
#include "catalog/publisher.h"
#include "catalog/release.h"
#include "fuzz/fuzz.h"

namespace croft::fuzz {
namespace {

trust::Verified given(const std::string& document) {
    return trust::pinned(document, trust::sha256(document)).value();
}

/// What can be read can be written, and reads and writes the same again.
template <class T>
void try_document(const std::string& input, Result<T> (*parse)(const trust::Verified&)) {
    const auto document = parse(given(input));
    if (!document) return;
    const std::string bytes = write(*document);
    const auto again = parse(given(bytes));
    require(again && write(*again) == bytes);
}

}  // namespace

void try_input(const std::string& input) {
    try_document(input, catalog::parse_publisher);
    try_document(input, catalog::parse_catalogue);
    try_document(input, catalog::parse_release);
    try_document(input, catalog::parse_beacon);
}

}  // namespace croft::fuzz
