#pragma once

#include "base/text.h"
#include "base/time.h"
#include "cli/command.h"

#include <nlohmann/json.hpp>

#include <string>

// What the commands that ask the daemon share: the API's replies as values, and the words for them.
namespace croft::cli {

using Json = nlohmann::json;

/// A call to the daemon and its reply as a value; the exact text goes out with `--json`.
struct Reply {
    Json value;
    std::string text;
};
Result<Reply> ask(const Context& context, std::string_view method, const std::string& path,
                  const Json& body = {});
inline Result<Reply> ask(const Context& context, const std::string& path) {
    return ask(context, "GET", path);
}

/// A foreign string out of a reply, safe for the terminal; "" where it is absent.
std::string text_of(const Json& object, const char* member);
std::uint64_t number_of(const Json& object, const char* member);
std::string size_of(const Json& object, const char* member);  ///< "36 MiB"
std::string day_of(const Json& object, const char* member);   ///< "2 Nov 2026"; "" where absent
std::string title_of(const Json& release);  ///< in the user's language, else English, else any

/// `wiki-57`, or `p2pf/wiki-57` where another publisher's bears the same name in `among`.
std::string release_text(const Json& release, const Json& among);
std::string verdict_text(const Output& output, const Json& release);

/// The path of one release in the API, from what the user typed: `wiki-57`, `p2pf/wiki-57`, or an
/// info-hash.
std::string release_path(const std::string& typed, std::string_view below = {});

}  // namespace croft::cli
