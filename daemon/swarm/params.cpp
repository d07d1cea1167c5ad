#include "base/log.h"
#include "bundle/v1_twin.h"
#include "swarm/params_impl.h"

#include <libtorrent/load_torrent.hpp>
#include <libtorrent/read_resume_data.hpp>
#include <libtorrent/torrent_flags.hpp>
#include <libtorrent/torrent_info.hpp>
#include <libtorrent/write_resume_data.hpp>

namespace croft::swarm {
namespace {

tl::unexpected<Error> differs(const Add& add, const std::string& what) {
    return fail(Errc::malformed, "libtorrent_differs",
                "libtorrent reads " + add.torrent.name + " otherwise than we do: " + what);
}

Outcome check_folder(const Add& add) {
    if (add.folder.filename() != add.torrent.name) {
        return fail(Errc::invalid_argument, "wrong_folder",
                    "the bundle " + add.torrent.name + " can't lie in " + add.folder.native() +
                        ": the folder has to have its name");
    }
    // Where a disk is not mounted, libtorrent would make the folders anew and fill the system's.
    std::error_code ignored;
    if (!std::filesystem::is_directory(add.folder.parent_path(), ignored)) {
        return fail(Errc::not_found, "root_missing",
                    "the folder " + add.folder.parent_path().native() +
                        " is not there; is its disk mounted?");
    }
    return {};
}

Result<lt::add_torrent_params> load(const Add& add, const std::string& bytes) {
    lt::load_torrent_limits limits;
    limits.max_buffer_size = static_cast<int>(bundle::Torrent::size_cap);
    limits.max_decode_tokens = 16'000'000;
    try {
        return lt::load_torrent_buffer(bytes, limits);
    } catch (const std::exception& error) {
        return differs(add, error.what());
    }
}

bool same_root(const lt::file_storage& files, lt::file_index_t index,
               const std::optional<Sha256>& root) {
    const lt::sha256_hash theirs = files.root(index);
    if (!root) return theirs.is_all_zeros();
    return std::equal(theirs.begin(), theirs.end(), root->bytes.begin());
}

/// libtorrent renames what it finds odd, silently; then it would write beside what we look at. A v1
/// torrent knows no roots.
Outcome compare_files(const Add& add, const lt::torrent_info& info, Form form) {
    const lt::file_storage& files = info.files();
    const std::string folder = add.torrent.name + "/";
    std::size_t count = 0;
    for (const auto index : files.file_range()) {
        if (files.pad_file_at(index)) continue;
        ++count;
        const std::string path = files.file_path(index);
        const auto* ours =
            path.starts_with(folder) ? add.torrent.find(path.substr(folder.size())) : nullptr;
        if (!ours) return differs(add, "the path " + path);
        if (static_cast<std::uint64_t>(files.file_size(index)) != ours->size ||
            static_cast<std::uint64_t>(files.file_offset(index)) != ours->offset) {
            return differs(add, "the size or place of " + path);
        }
        if (form == Form::hybrid && !same_root(files, index, ours->root)) {
            return differs(add, "the root of " + path);
        }
    }
    if (count != add.torrent.files.size()) return differs(add, "fewer files");
    return {};
}

bool same_hash(const lt::sha1_hash& theirs, const Sha1& ours) {
    return std::equal(theirs.begin(), theirs.end(), ours.bytes.begin());
}

Result<lt::add_torrent_params> load_hybrid(const Add& add) {
    auto params = load(add, bundle::with_trackers(add.torrent, add.trackers));
    if (!params) return params;
    const auto& hashes = params->info_hashes;
    if (id_of(hashes) != add.torrent.id || !same_hash(hashes.v1, add.torrent.btih)) {
        return differs(add, "the info-hash");
    }
    if (!add.torrent.piece_layers.empty() && params->merkle_trees.empty()) {
        return differs(add, "no piece layers");
    }
    return params;
}

Result<lt::add_torrent_params> load_v1_twin(const Add& add) {
    const auto twin = bundle::v1_twin_of(add.torrent);
    auto params = load(add, bundle::v1_torrent(twin, add.trackers));
    if (!params) return params;
    if (params->info_hashes.has_v2() || !same_hash(params->info_hashes.v1, twin.btih)) {
        return differs(add, "the info-hash of its v1 twin");
    }
    return params;
}

Result<lt::add_torrent_params> read_saved(const Add& add) {
    lt::error_code error;
    lt::add_torrent_params saved = lt::read_resume_data(add.resume_data, error);
    if (error) return fail(Errc::malformed, "bad_resume_data", error.message());
    if (id_of(saved.info_hashes) != add.torrent.id) {
        return fail(Errc::malformed, "bad_resume_data", "it belongs to another bundle");
    }
    if (static_cast<std::uint64_t>(saved.have_pieces.size()) > add.torrent.piece_count()) {
        return fail(Errc::malformed, "bad_resume_data", "more pieces than the torrent has");
    }
    return saved;
}

void apply_resume_data(lt::add_torrent_params& params, const Add& add) {
    if (add.resume_data.empty()) return;
    auto saved = read_saved(add);
    if (!saved) {
        log::warning("swarm: resume data refused, the files are checked instead",
                     {{"bundle", add.torrent.name}, {"why", saved.error().message}});
        return;
    }
    params.have_pieces = std::move(saved->have_pieces);
    params.peers = std::move(saved->peers);
    params.total_uploaded = saved->total_uploaded;
    params.total_downloaded = saved->total_downloaded;
    params.added_time = saved->added_time;
    params.completed_time = saved->completed_time;
    params.last_seen_complete = saved->last_seen_complete;
    params.flags &= ~lt::torrent_flags::need_save_resume;
}

void apply_flags(lt::add_torrent_params& params, const Add& add) {
    // Our library decides what runs; libtorrent's own queue would hold back all but a few.
    params.flags &= ~(lt::torrent_flags::auto_managed | lt::torrent_flags::paused);
    if (add.have_all) {
        params.flags |= lt::torrent_flags::seed_mode;
        params.have_pieces.clear();
    }
}

}  // namespace

Result<lt::add_torrent_params> make_params(const Add& add, Form form) {
    if (auto folder = check_folder(add); !folder) return tl::unexpected(folder.error());
    auto params = form == Form::hybrid ? load_hybrid(add) : load_v1_twin(add);
    if (!params) return params;
    if (auto same = compare_files(add, *params->ti, form); !same)
        return tl::unexpected(same.error());
    params->save_path = add.folder.parent_path().native();
    apply_resume_data(*params, add);
    apply_flags(*params, add);
    return params;
}

std::string encode_resume_data(lt::add_torrent_params saved) {
    saved.merkle_trees.clear();
    saved.merkle_tree_mask.clear();
    saved.verified_leaf_hashes.clear();
    saved.verified_pieces.clear();
    saved.unfinished_pieces.clear();
    saved.trackers.clear();
    saved.tracker_tiers.clear();
    saved.url_seeds.clear();
    saved.http_seeds.clear();
    const std::vector<char> bytes = lt::write_resume_data_buf(saved);
    return {bytes.begin(), bytes.end()};
}

}  // namespace croft::swarm
