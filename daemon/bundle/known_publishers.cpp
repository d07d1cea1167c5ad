#include "bundle/known_publishers.h"

#include "base/file.h"
#include "base/text.h"
#include "bundle/feed_folder.h"
#include "trust/hash.h"

#include <algorithm>
#include <charconv>

namespace croft::bundle {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view petname_file = "petname";
constexpr std::string_view floors_file = "floors.tsv";
constexpr std::size_t floors_cap = 8 * 1024 * 1024;

std::string write_floors(const catalog::FollowerState& state) {
    std::string text;
    for (const auto& [name, floor] : state.floors) {
        text += name + '\t' + std::to_string(floor.serial) + '\t' + floor.manifest.hex() + '\n';
    }
    return text;
}

/// Names that left the catalogue keep their floors. A line that can't be read is left out: floors
/// only ever make us stricter.
void read_floors(const std::string& text, catalog::FollowerState& state) {
    for (const auto line : split(text, '\n')) {
        const auto cells = split(line, '\t');
        if (cells.size() != 3) continue;
        catalog::FollowerState::Floor floor;
        std::from_chars(cells[1].data(), cells[1].data() + cells[1].size(), floor.serial);
        floor.manifest = Sha256::from_hex(cells[2]).value_or(Sha256{});
        auto& known = state.floors[std::string(cells[0])];
        if (floor.serial > known.serial) known = floor;
    }
}

Result<KnownPublisher> read_known_publisher(const fs::path& folder, Time now) {
    const auto feed = read_feed(folder);
    if (!feed) return tl::unexpected(feed.error());
    if (feed->publishers.empty()) {
        return fail(Errc::not_found, "no_publisher", folder.native() + " has no publisher.1.json");
    }
    const catalog::PublisherId id{trust::sha256(feed->publishers.front().document)};
    auto state = catalog::begin(id, feed->publishers, now);
    if (!state) return tl::unexpected(state.error());
    auto accepted = catalog::accept(*state, *feed, now);
    if (!accepted) return tl::unexpected(accepted.error());
    KnownPublisher known{read_file(folder / petname_file, 256).value_or(std::string()),
                         std::move(accepted->state)};
    if (known.petname.empty()) known.petname = known.state.publisher.name;
    read_floors(read_file(folder / floors_file, floors_cap).value_or(std::string()), known.state);
    return known;
}

}  // namespace

KnownPublishers read_known_publishers(const fs::path& folder, Time now) {
    KnownPublishers known;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        if (!at->is_directory(error)) continue;
        auto publisher = read_known_publisher(at->path(), now);
        if (publisher) {
            known.publishers.push_back(std::move(*publisher));
        } else {
            known.problems.push_back(publisher.error());
        }
    }
    std::ranges::sort(known.publishers, {}, &KnownPublisher::petname);
    return known;
}

Outcome write_known_publisher(const fs::path& folder, const KnownPublisher& publisher) {
    const catalog::FollowerState& state = publisher.state;
    const fs::path below = folder / layout::publisher_folder(state.id);
    if (auto made = make_folders(below); !made) return made;
    for (std::size_t i = 0; i < state.publisher_chain.size(); ++i) {
        const catalog::SignedBytes document{state.publisher_chain[i],
                                            state.publisher_signatures.at(i)};
        if (auto written = write_signed(below, layout::publisher(i + 1), document); !written)
            return written;
    }
    if (auto written = write_file(below / petname_file, publisher.petname); !written)
        return written;
    if (auto written = write_file(below / floors_file, write_floors(state)); !written)
        return written;
    return write_signed(below, std::string(layout::catalogue),
                        {state.catalogue_bytes, state.catalogue_signatures});
}

Outcome forget_known_publisher(const fs::path& folder, const catalog::PublisherId& id) {
    const fs::path below = folder / layout::publisher_folder(id);
    std::error_code error;
    for (fs::directory_iterator at(below, error), end; !error && at != end; at.increment(error)) {
        const std::string name = at->path().filename().native();
        const bool is_ours =
            name == petname_file || name == floors_file || name.starts_with("publisher.") ||
            name.starts_with(layout::catalogue) || name.starts_with(layout::beacon);
        if (is_ours) fs::remove(at->path(), error);
    }
    if (!error) fs::remove(below, error);
    if (error && error != std::errc::no_such_file_or_directory) {
        return tl::unexpected(system_error("remove", below.native(), error.value()));
    }
    return {};
}

}  // namespace croft::bundle
