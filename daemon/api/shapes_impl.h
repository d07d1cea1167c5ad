#pragma once

#include "api/api.h"
#include "api/json_impl.h"

#include <map>
#include <span>
#include <string>

/// How our values look in JSON: the words of API.md, member by member.
namespace croft::api {

/// Of all that one publisher offers and we hold.
struct Figures {
    std::uint64_t releases = 0, held = 0, offered_bytes = 0, held_bytes = 0;
};
std::map<catalog::PublisherId, Figures> figures_of(
    std::span<const library::ReleaseView* const> releases);

Json key(const trust::PublicKey& key);
Json publisher_row(const feeds::Publisher& publisher, const Figures& figures);
Json publisher_alone(const feeds::Publisher& publisher, const Figures& figures);
Json preview(const feeds::Preview& preview);

std::string verdict_of(const library::ReleaseView& release);
Json release_row(const library::ReleaseView& release);
/// The row, and what its documents say besides.
Json release_alone(const library::ReleaseView& release, const library::Documents* documents);
Json release_name(const library::ReleaseView& release);  ///< id, publisher, petname, name, serial
Json version_row(const library::ReleaseView& release);

Json job(const Jobs::Job& job);
Json journal_entry(const store::JournalEntry& entry);
Json setting(const Setting& setting);
Json speed(const swarm::Totals& totals);
Json peer(const swarm::Peer& peer);

}  // namespace croft::api
