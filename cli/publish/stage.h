#pragma once

#include "base/result.h"
#include "cli/publish/names.h"

#include <filesystem>
#include <functional>
#include <span>
#include <stop_token>
#include <string>

namespace croft::publish {

/// How the files of a source get into a bundle's folder.
enum class Transfer {
    reflink,    ///< the file system shares the bytes until one side changes (FICLONE)
    copy,       ///< written while they are hashed
    hard_link,  ///< `--in-place`: the same file under two names
    none,       ///< hashed where they are; no bundle is made
};

/// A folder in which a release is put together, out of the readers' sight. It goes with its owner:
/// an interrupted publish leaves nothing, a killed one leaves what the next `remove_leftovers`
/// takes away.
class Staging {
public:
    /// Makes `PARENT/.publishing-XXXXXX`.
    static Result<Staging> make(const std::filesystem::path& parent);
    Staging(Staging&&) noexcept = default;
    Staging& operator=(Staging&&) = delete;
    ~Staging();

    std::filesystem::path bundle() const { return folder_ / "bundle"; }

    /// Waits until the disk has everything in it.
    Outcome sync() const;

    /// Removes the folders of publishers that were killed. Only while the journal is locked.
    static void remove_leftovers(const std::filesystem::path& parent);

private:
    explicit Staging(std::filesystem::path folder) : folder_(std::move(folder)) {}
    std::filesystem::path folder_;
};

/// Reflinks where the file system can, which one file of the source shows; else copies.
Transfer choose_transfer(const std::filesystem::path& source_folder,
                         std::span<const NamedFile> files, const Staging& staging);

/// Makes the reflinks or hard links; nothing for the other ways. `conflict` (`other_file_system`)
/// where hard links can't be made, `cancelled`.
Outcome place_files(const std::filesystem::path& source_folder, std::span<const NamedFile> files,
                    const Staging& staging, Transfer transfer, const std::stop_token& stop);

}  // namespace croft::publish
