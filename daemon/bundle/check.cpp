#include "bundle/check.h"

#include "bundle/beneath.h"
#include "bundle/digest_impl.h"
#include "bundle/hash_engine_impl.h"
#include "bundle/scan.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <optional>

namespace croft::bundle {
namespace {

/// What a file has to be; what is not known is not compared.
struct Expected {
    std::string path;
    std::optional<std::uint64_t> size;
    std::optional<Sha256> root;
    std::optional<Sha256> sha256;
};

bool is_content_error(const Error& error) {
    // The disk can't read it (EIO), we may not, or somebody writes to it now: it can't be shown to
    // be what was signed, and says nothing about the others.
    return error.code == Errc::damaged || error.code == Errc::io || error.code == Errc::conflict ||
           error.code == Errc::not_allowed;
}

class Check {
public:
    /// `unlisted` are names that may be there beside the expected ones.
    Check(Descriptor folder, std::vector<Expected> expected, std::vector<std::string> unlisted)
        : folder_(std::move(folder)),
          expected_(std::move(expected)),
          unlisted_(std::move(unlisted)) {
        std::ranges::sort(expected_, {}, &Expected::path);
    }

    Result<Checked> run(const HashPlan& plan, const CheckOptions& options) {
        const HashBatch batch{
            .count = expected_.size(),
            .open = [&](std::size_t index) { return open(expected_[index], options.drop_cache); },
            .done = [this](std::size_t index,
                           const Result<FileHashes>& hashes) { return judge(index, hashes); },
            .on_bytes = options.on_bytes,
        };
        hash_batch(batch, plan, options.threads, options.stop);
        if (error_) return tl::unexpected(*error_);
        if (options.stop.stop_requested()) {
            return fail(Errc::cancelled, "stopped", "the check was stopped");
        }
        for (auto* paths : {&checked_.damaged, &checked_.missing, &checked_.extra})
            std::ranges::sort(*paths);
        return std::move(checked_);
    }

    void note_extra(const std::vector<std::string>& found) {
        for (const std::string& path : found) {
            if (!is_known(path)) checked_.extra.push_back(path);
        }
    }

private:
    Result<OpenFile> open(const Expected& expected, bool drop_cache) const {
        Descriptor file = open_beneath(folder_, expected.path, O_RDONLY);
        if (!file) return tl::unexpected(open_error(expected.path, errno));
        struct stat status {};
        const bool is_file = ::fstat(file.number(), &status) == 0 && S_ISREG(status.st_mode);
        const auto size = static_cast<std::uint64_t>(status.st_size);
        if (!is_file || (expected.size && *expected.size != size)) {
            return fail(Errc::damaged, "damaged", expected.path + " is no file of that size");
        }
        OpenFile opened(std::move(file), status, expected.path);
        if (drop_cache) opened.drop_cache();
        return opened;
    }

    static Error open_error(const std::string& path, int error) {
        // ENXIO: a socket. ENOTDIR: a file where a folder of the release should be.
        if (error == ELOOP || error == ENXIO) {
            return {Errc::damaged, "damaged", path + " is not a file"};
        }
        Error answer = system_error("open", path, error == ENOTDIR ? ENOENT : error);
        // Not the file's fault (too many are open, say): no verdict on it.
        if (answer.code == Errc::io) answer.code = Errc::unavailable;
        return answer;
    }

    bool judge(std::size_t index, const Result<FileHashes>& hashes) {
        const Expected& expected = expected_[index];
        const std::lock_guard lock(mutex_);
        if (hashes) {
            const bool is_good = (!expected.root || hashes->root == expected.root) &&
                                 (!expected.sha256 || hashes->sha256 == *expected.sha256);
            if (!is_good) {
                checked_.damaged.push_back(expected.path);
            } else {
                ++checked_.files;
                checked_.bytes += hashes->size;
            }
        } else if (hashes.error().code == Errc::not_found) {
            checked_.missing.push_back(expected.path);
        } else if (is_content_error(hashes.error())) {
            checked_.damaged.push_back(expected.path);
        } else {
            error_ = hashes.error();
        }
        return !error_;
    }

    bool is_known(const std::string& path) const {
        return std::ranges::binary_search(expected_, path, {}, &Expected::path) ||
               path.starts_with(".pad/") || std::ranges::find(unlisted_, path) != unlisted_.end();
    }

    const Descriptor folder_;
    std::vector<Expected> expected_;
    const std::vector<std::string> unlisted_;
    std::mutex mutex_;  // guards what follows while the hashing runs
    Checked checked_;
    std::optional<Error> error_;
};

Result<Checked> check(const std::filesystem::path& path, std::vector<Expected> expected,
                      std::vector<std::string> unlisted, HashPlan plan,
                      const CheckOptions& options) {
    Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder) return tl::unexpected(system_error("open folder", path.native(), errno));
    const auto found = list_paths(path);
    if (!found) return tl::unexpected(found.error());
    plan.sha1 = false;
    plan.piece_length = chunk_size;  // roots do not depend on it
    Check check(std::move(folder), std::move(expected), std::move(unlisted));
    check.note_extra(*found);
    return check.run(plan, options);
}

/// The SHA-256 of each file out of the folder's own list, if that is the one which was signed. If
/// it is not, its root tells.
void add_sums(const std::filesystem::path& folder, const catalog::Release::FilesList& list,
              std::vector<Expected>& expected) {
    const auto text = read_file(folder / list.path, list.size);
    if (!text || Digest<Sha256>().of(as_bytes(*text)) != list.sha256) return;
    const auto sums = parse_sums(*text);
    if (!sums) return;
    for (const Sum& sum : *sums) {
        const auto at = std::ranges::lower_bound(expected, sum.path, {}, &Expected::path);
        if (at != expected.end() && at->path == sum.path) at->sha256 = sum.sha256;
    }
}

}  // namespace

Result<Checked> check_folder(const std::filesystem::path& folder, const catalog::Release& release,
                             const Torrent& torrent, const CheckOptions& options) {
    std::vector<Expected> expected;
    for (const auto& file : release.files) {
        expected.push_back({file.path, file.size, file.root,
                            options.sums ? std::optional(file.sha256) : std::nullopt});
    }
    if (release.files_list) {
        for (const auto& file : torrent.files)
            expected.push_back({file.path, file.size, file.root, {}});
        if (options.sums) add_sums(folder, *release.files_list, expected);
    }
    return check(folder, std::move(expected), {}, {.sha256 = options.sums}, options);
}

Result<Checked> check_folder(const std::filesystem::path& folder, const std::vector<Sum>& sums,
                             const CheckOptions& options) {
    std::vector<Expected> expected;
    expected.reserve(sums.size());
    for (const Sum& sum : sums)
        expected.push_back({sum.path, {}, {}, sum.sha256});
    return check(folder, std::move(expected), {"SHA256SUMS", "SHA256SUMS.minisig"},
                 {.merkle = false}, options);
}

}  // namespace croft::bundle
