#pragma once

#include "catalog/catalogue.h"

#include <optional>
#include <string>
#include <vector>

namespace croft::catalog {

/// `releases/NAME-SERIAL.json`: one edition, file by file. Signed by the release role, so that it
/// verifies alone, on a stick.
struct Release {
    static constexpr std::size_t size_cap = 32UL * 1024 * 1024;

    /// Above this many files `files_list` stands instead of `files`.
    static constexpr std::size_t inline_files = 10'000;

    struct File {
        std::string path;
        std::uint64_t size = 0;
        Sha256 sha256;
        std::optional<Sha256> root;  ///< BEP 52 `pieces root`; none for an empty file
        bool operator==(const File&) const = default;
    };
    struct Torrent {
        Sha1 btih;
        BundleId btmh;
        std::string name;  ///< NAME-SERIAL
        std::uint64_t piece_length = 0;
        Sha256 sha256;  ///< of the .torrent file
        std::uint64_t size = 0;
        /// The v1 info-hash of its twin for clients that know v1 only (bundle/v1_twin.h), where the
        /// publisher wants the bundle shared with them too.
        std::optional<Sha1> v1_twin = {};
    };
    struct FilesList {
        std::string
            path;  ///< `SHA256SUMS`, in the bundle; in the feed `releases/NAME-SERIAL.SHA256SUMS`
        Sha256 sha256;
        std::uint64_t size = 0;
    };
    struct Author {
        std::string name;
        std::string id;  ///< ORCID or another URL; may be empty
    };
    struct Previous {
        std::uint64_t serial = 0;
        Sha256 sha256;
        BundleId btmh;
    };

    PublisherId publisher;
    ReleaseName release;
    std::string version;  ///< for people: "November 2026"
    Time created{};
    Kind kind = Kind::other;
    Translations title, description;
    std::vector<std::string> languages;
    std::string licence;  ///< SPDX expression
    std::string source, doi;
    std::vector<Author> authors;
    std::vector<std::string> subjects;
    Torrent torrent;
    std::uint64_t total_size = 0;
    std::vector<File> files;  ///< sorted by path; empty where `files_list` stands for it
    std::optional<FilesList> files_list;
    std::vector<std::string> webseeds, trackers, metadata;
    std::optional<Previous> previous;
};

/// Besides the JSON, holds every path to `path_rule.h`, sums the sizes, and compares names. Whether
/// the catalogue offers it is asked of `follower.h`.
Result<Release> parse_release(const trust::Verified& document);
std::string write(const Release& release);

/// Whether the release is what this entry of a catalogue names: same name, serial, kind, size,
/// hashes. Else `bad_signature` with reason `release_mismatch`.
Outcome matches(const Release& release, const Catalogue::Entry& entry);

}  // namespace croft::catalog
