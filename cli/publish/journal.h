#pragma once

#include "base/file.h"
#include "base/result.h"
#include "catalog/ids.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace croft::publish {

/// The numbers that one signing uses up.
struct Burnt {
    std::uint64_t catalogue = 0;  ///< 0: no catalogue is signed
    std::uint64_t beacon = 0;
    std::optional<catalog::ReleaseName> release;  ///< none where only documents are renewed
};

/// Which numbers a publisher has ever begun to sign: a text file `FEED.journal` beside the feed. A
/// number is written there, and on the disk, before anything that carries it is signed, so that an
/// interrupted publish can never sign one version twice: two different catalogues of one version
/// would look like a stolen key to every follower.
///
/// While it is open it also keeps other publishers of this feed out.
class Journal {
public:
    /// `conflict` (`locked`) while another process publishes to the same feed; `malformed`
    /// (`journal_damaged`) where the file is not ours.
    static Result<Journal> open(const std::filesystem::path& feed);

    /// The last numbers burnt; all zero in a new journal.
    const Burnt& last() const { return last_; }
    /// The highest serial ever burnt for a release's name; 0 for none.
    std::uint64_t last_serial(const std::string& name) const;

    /// Appends one line and waits until the disk has it.
    Outcome burn(const Burnt& numbers);

    static std::filesystem::path path_for(const std::filesystem::path& feed);

private:
    explicit Journal(std::filesystem::path path) : path_(std::move(path)) {}
    Outcome read();
    void remember(const Burnt& numbers);

    std::filesystem::path path_;
    Descriptor file_;
    Burnt last_;
    std::map<std::string, std::uint64_t> serials_;
};

}  // namespace croft::publish
