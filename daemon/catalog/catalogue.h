#pragma once

#include "base/time.h"
#include "catalog/ids.h"
#include "trust/keyring.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace croft::catalog {

enum class Kind {
    wiki,
    papers,
    media,
    other
};
std::string_view name_of(Kind kind);
std::optional<Kind> kind_from(std::string_view name);

/// BCP 47 language tag -> text.
using Translations = std::map<std::string, std::string>;

/// The text in the first of `languages` that there is, else English, else any, else "".
std::string translated(const Translations& texts, std::span<const std::string> languages = {});

enum class WithdrawalReason {
    privacy,
    legal,
    error,
    malware
};
std::string_view name_of(WithdrawalReason reason);
std::optional<WithdrawalReason> withdrawal_reason_from(std::string_view name);

/// `catalogue.json`: everything a publisher offers now. Signed by the release role.
struct Catalogue {
    static constexpr std::size_t size_cap = 8UL * 1024 * 1024;

    struct Manifest {
        std::string path;  ///< always `releases/NAME-SERIAL.json`
        Sha256 sha256;
        std::uint64_t size = 0;
    };
    struct Entry {
        ReleaseName release;
        Kind kind = Kind::other;
        Translations title;
        std::vector<std::string> languages;
        std::string licence;
        std::uint64_t total_size = 0;
        Sha1 btih;
        BundleId bundle;
        Manifest manifest;
    };
    struct Withdrawn {
        std::optional<ReleaseName> release{};  ///< or a single file, in any edition:
        std::optional<Sha256> file{};
        WithdrawalReason reason = WithdrawalReason::error;
        Time date{};
    };
    struct Previous {
        std::uint64_t version = 0;
        Sha256 sha256;
    };

    PublisherId publisher;
    DocumentRef publisher_document;
    std::uint64_t version = 0;
    Time created{};
    std::optional<Time> expires;  ///< absent only where `final`
    bool final = false;           ///< the archive outlives its publisher
    std::optional<Previous> previous;
    std::vector<Entry> releases;
    std::vector<Withdrawn> withdrawn;

    const Entry* find(const ReleaseName& release) const;
    const Withdrawn* withdrawal_of(const ReleaseName& release) const;
    const Withdrawn* withdrawal_of(const Sha256& file) const;
    bool is_stale(Time now) const { return expires && *expires < now; }
};

Result<Catalogue> parse_catalogue(const trust::Verified& document);
std::string write(const Catalogue& catalogue);

}  // namespace croft::catalog
