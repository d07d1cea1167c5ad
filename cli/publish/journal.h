#pragma once

#include "base/file.h"
#include "base/result.h"
#include "catalog/ids.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace croft::publish {

/// The numbers that one signing uses up.
struct Burnt {
    std::uint64_t catalogue = 0;  ///< 0: no catalogue is signed
    std::uint64_t beacon = 0;
    std::optional<catalog::ReleaseName> release;  ///< none where only documents are renewed
};

/// Which numbers a publisher has ever begun to sign: what the journal of a feed says.
class BurntNumbers {
public:
    /// Reads the journal without touching it; a feed that has none has burnt nothing. `malformed`
    /// (`journal_damaged`) where the file is not ours.
    static Result<BurntNumbers> read(const std::filesystem::path& feed);

    /// The last numbers burnt; all zero in a new journal.
    const Burnt& last() const { return last_; }
    /// The highest serial ever burnt for a release's name; 0 for none.
    std::uint64_t last_serial(const std::string& name) const;
    /// The highest version of a catalogue that ever stood in the feed; 0 for none.
    std::uint64_t done() const { return done_; }

private:
    friend class Journal;
    /// False where the line is none that a journal has.
    bool take_line(std::string_view line);
    void remember(const Burnt& numbers);

    Burnt last_;
    std::uint64_t done_ = 0;
    std::map<std::string, std::uint64_t> serials_;
};

/// The journal itself: a text file `FEED.journal` beside the feed, by whatever name the feed was
/// called (symbolic links are resolved). A number is written there, and on the disk, before
/// anything that carries it is signed, so that an interrupted publish can never sign one version
/// twice: two different catalogues of one version would look like a stolen key to every follower.
/// A second line tells, afterwards, that the catalogue was put in place.
///
/// While it is open it also keeps other publishers of this feed out.
class Journal {
public:
    /// `conflict` (`locked`) while another process publishes to the same feed; `malformed`
    /// (`journal_damaged`) where the file is not ours.
    static Result<Journal> open(const std::filesystem::path& feed);

    const BurntNumbers& numbers() const { return numbers_; }

    /// Appends `catalogue 58 beacon 12 release wiki-57` and waits until the disk has it.
    Outcome burn(const Burnt& numbers);
    /// Appends `done 58`, the same way, where it is not known yet: this catalogue stands in the
    /// feed.
    Outcome finish(std::uint64_t catalogue);

    static std::filesystem::path path_for(const std::filesystem::path& feed);

private:
    explicit Journal(std::filesystem::path path) : path_(std::move(path)) {}
    Outcome lock(const std::filesystem::path& feed);
    Outcome cut_off_half_line();
    Outcome append(const std::string& line);

    std::filesystem::path path_;
    Descriptor file_, folder_;
    BurntNumbers numbers_;
};

}  // namespace croft::publish
