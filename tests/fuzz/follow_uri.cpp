#include "catalog/follow_uri.h"

#include "fuzz/fuzz.h"

namespace croft::fuzz {

void try_input(const std::string& input) {
    const auto uri = catalog::FollowUri::parse(input);
    if (!uri) return;
    // Written again it may be longer than a URI may be: everything is percent-encoded.
    const std::string text = uri->text();
    const auto again = catalog::FollowUri::parse(text);
    require(again ? again->text() == text : again.error().reason == "uri_too_long");
}

}  // namespace croft::fuzz
