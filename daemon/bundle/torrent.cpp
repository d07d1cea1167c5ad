#include "bundle/torrent.h"

#include "base/bencode.h"
#include "bundle/digest_impl.h"
#include "bundle/merkle.h"
#include "bundle/piece_length.h"
#include "catalog/path_rule.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <initializer_list>
#include <set>

namespace croft::bundle {
namespace {

using bencode::Value;

/// Deep enough for a path of 32 components between the outer dictionary and a file's own.
constexpr bencode::Limits limits{.depth = 40};

/// Sums of sizes stay far from overflow: 2^53 bytes a file and in all.
constexpr std::uint64_t most_bytes = std::uint64_t{1} << 53;

tl::unexpected<Error> refuse(std::string reason, std::string_view why) {
    return fail(Errc::malformed, "torrent_" + std::move(reason), "torrent: " + std::string(why));
}

Outcome check_keys(const Value& dictionary, std::initializer_list<std::string_view> known) {
    for (const auto& [key, value] : dictionary.dictionary()) {
        if (std::ranges::find(known, key) == known.end()) {
            return refuse("unknown_key", "has a key that we don't know: " + std::string(key));
        }
    }
    return {};
}

Result<std::uint64_t> size_of(const Value& file) {
    const Value* length = file.find("length");
    if (!length || !length->is_integer()) return refuse("length", "a file has no length");
    if (length->integer() < 0) return refuse("length", "a file has a negative length");
    const auto size = static_cast<std::uint64_t>(length->integer());
    if (size > most_bytes) return refuse("size", "a file is larger than any disk");
    return size;
}

/// The letters of BEP 47. What makes a file executable or hidden changes none of its bytes.
Outcome check_attributes(const Value& file, std::string_view allowed) {
    if (file.find("symlink path")) return refuse("symlink", "holds a symlink");
    const Value* attributes = file.find("attr");
    if (!attributes) return {};
    if (!attributes->is_string()) return refuse("attribute", "a file's attributes are no string");
    for (const char letter : attributes->string()) {
        if (letter == 'l') return refuse("symlink", "holds a symlink");
        if (allowed.find(letter) == allowed.npos) {
            return refuse("attribute", "a file has an attribute that we don't know");
        }
    }
    return {};
}

Sha256 sha256_from(std::string_view raw) {
    Sha256 hash;
    std::memcpy(hash.bytes.data(), raw.data(), hash.bytes.size());
    return hash;
}

std::uint64_t pieces_of(std::uint64_t size, std::uint64_t piece_length) {
    return size / piece_length + (size % piece_length != 0 ? 1 : 0);
}

/// The v2 part: BEP 52's `file tree`, in its own order, which is the order of the v1 files too.
class TreeReader {
public:
    Result<std::vector<Torrent::File>> read(const Value& tree) {
        if (auto folder = read_folder(tree, ""); !folder) return tl::unexpected(folder.error());
        return std::move(files_);
    }

private:
    Outcome read_folder(const Value& folder, const std::string& prefix) {
        if (!folder.is_dictionary() || folder.dictionary().empty()) {
            return refuse("tree", "the file tree has a folder that is none");
        }
        for (const auto& [name, entry] : folder.dictionary()) {
            if (name.empty()) return refuse("tree", "a file is a folder as well");
            if (name.find('/') != name.npos) return refuse("slash", "a name holds a slash");
            const std::string path = prefix + std::string(name);
            const bool is_file = entry.is_dictionary() && entry.dictionary().size() == 1 &&
                                 entry.dictionary().front().first.empty();
            auto read = is_file ? read_file(entry.dictionary().front().second, path)
                                : read_folder(entry, path + '/');
            if (!read) return read;
        }
        return {};
    }

    Outcome read_file(const Value& file, const std::string& path) {
        if (!file.is_dictionary()) return refuse("tree", "a file's entry is no dictionary");
        if (auto attributes = check_attributes(file, "xh"); !attributes) return attributes;
        if (auto keys = check_keys(file, {"attr", "length", "pieces root"}); !keys) return keys;
        const auto size = size_of(file);
        if (!size) return tl::unexpected(size.error());
        const Value* root = file.find("pieces root");
        if (*size == 0 ? root != nullptr
                       : !root || !root->is_string() || root->string().size() != 32) {
            return refuse("root", "a file's root is missing, or no SHA-256, or one too many");
        }
        files_.push_back({path, *size, {}, 0});
        if (root) files_.back().root = sha256_from(root->string());
        return {};
    }

    std::vector<Torrent::File> files_;
};

Result<std::string> v1_path(const Value& entry) {
    const Value* components = entry.find("path");
    if (!components || !components->is_list() || components->list().empty()) {
        return refuse("path", "a file has no path");
    }
    std::string path;
    for (const Value& component : components->list()) {
        if (!component.is_string()) return refuse("path", "a part of a path is no string");
        if (!path.empty()) path += '/';
        path += component.string();
    }
    return path;
}

/// Pad files carry numbers for names, mostly below `.pad/`: nothing that could hide a real file
/// from clients which know no padding.
bool is_pad_path(std::string_view path) {
    if (path.starts_with(".pad/")) path.remove_prefix(5);
    return !path.empty() && std::ranges::all_of(path, [](char c) { return c >= '0' && c <= '9'; });
}

/// The v1 part has to say the same as the v2 part; its pad files (BEP 47) fill every file up to a
/// whole piece, only the last one's may be absent.
class V1Reader {
public:
    V1Reader(std::vector<Torrent::File>& files, std::uint64_t piece_length)
        : files_(files), piece_length_(piece_length) {}

    Outcome read(const Value& list, const Value& pieces) {
        if (!list.is_list()) return refuse("files", "the v1 files are no list");
        for (const Value& entry : list.list()) {
            if (auto taken = take(entry); !taken) return taken;
        }
        if (next_ != files_.size()) return refuse("parts_differ", "v1 lacks files that v2 has");
        const std::uint64_t count = pieces_of(offset_, piece_length_);
        if (!pieces.is_string() || pieces.string().size() != count * 20) {
            return refuse("pieces", "the v1 hashes are not as many as the pieces");
        }
        return {};
    }

private:
    Outcome take(const Value& entry) {
        if (!entry.is_dictionary()) return refuse("files", "a v1 file is no dictionary");
        if (auto attributes = check_attributes(entry, "xhp"); !attributes) return attributes;
        if (auto keys = check_keys(entry, {"attr", "length", "path"}); !keys) return keys;
        const auto size = size_of(entry);
        if (!size) return tl::unexpected(size.error());
        const auto path = v1_path(entry);
        if (!path) return tl::unexpected(path.error());
        const Value* attributes = entry.find("attr");
        const bool is_pad = attributes && attributes->string().find('p') != std::string::npos;
        auto taken = is_pad ? take_pad(*path, *size) : take_file(*path, *size);
        offset_ += *size;
        if (taken && offset_ > most_bytes) return refuse("size", "is larger than any disk");
        return taken;
    }

    Outcome take_pad(std::string_view path, std::uint64_t size) const {
        if (!is_pad_path(path)) return refuse("pad_name", "a pad file is named like a real one");
        if (size == 0 || size != (piece_length_ - offset_ % piece_length_) % piece_length_) {
            return refuse("padding", "a pad file does not fill a piece up");
        }
        return {};
    }

    Outcome take_file(std::string_view path, std::uint64_t size) {
        if (next_ == files_.size()) return refuse("parts_differ", "v1 has files that v2 lacks");
        Torrent::File& file = files_[next_++];
        if (file.path != path || file.size != size) {
            return refuse("parts_differ", "v1 and v2 have different files");
        }
        if (offset_ % piece_length_ != 0) {
            return refuse("alignment", "a file does not start with a piece");
        }
        file.offset = offset_;
        return {};
    }

    std::vector<Torrent::File>& files_;
    const std::uint64_t piece_length_;
    std::size_t next_ = 0;
    std::uint64_t offset_ = 0;
};

Result<std::vector<Sha256>> read_layer(std::string_view root, const Value& value,
                                       std::uint64_t piece_length) {
    if (root.size() != 32 || !value.is_string() || value.string().empty() ||
        value.string().size() % 32 != 0) {
        return refuse("layer", "a piece layer is no row of SHA-256s by a root");
    }
    std::vector<Sha256> layer;
    layer.reserve(value.string().size() / 32);
    for (std::size_t at = 0; at < value.string().size(); at += 32)
        layer.push_back(sha256_from(value.string().substr(at, 32)));
    if (root_of_layer(layer, piece_length) != sha256_from(root)) {
        return refuse("layer_root", "a piece layer does not lead to its root");
    }
    return layer;
}

/// Each layer is recomputed once, however many files share its root.
Outcome read_layers(const Value* layers, Torrent& torrent) {
    static const Value::Dictionary none;
    if (layers && !layers->is_dictionary()) return refuse("layer", "the layers are no dictionary");
    for (const auto& [root, value] : layers ? layers->dictionary() : none) {
        auto layer = read_layer(root, value, torrent.piece_length);
        if (!layer) return tl::unexpected(layer.error());
        torrent.piece_layers.emplace(sha256_from(root), std::move(*layer));
    }
    std::set<Sha256> used;
    for (const Torrent::File& file : torrent.files) {
        const std::uint64_t pieces = pieces_of(file.size, torrent.piece_length);
        if (pieces <= 1) continue;
        const auto layer = torrent.piece_layers.find(*file.root);
        if (layer == torrent.piece_layers.end() || layer->second.size() != pieces) {
            return refuse("layer_missing", "the piece layer of a file is missing or too short");
        }
        used.insert(*file.root);
    }
    if (used.size() != torrent.piece_layers.size()) {
        return refuse("layer_unknown", "has a piece layer that belongs to no file");
    }
    return {};
}

Outcome check_info_keys(const Value& info) {
    for (const std::string_view key : {"similar", "collections"}) {
        if (info.find(key)) {
            return refuse(std::string(key), "names other torrents whose files it may overwrite");
        }
    }
    if (info.find("length")) return refuse("single_file", "is a single file, not a folder");
    const bool has_v1 = info.find("pieces") && info.find("files");
    const bool has_v2 = info.find("file tree") && info.find("meta version");
    if (!has_v1 && !has_v2) return refuse("info", "holds no files");
    if (!has_v2) return refuse("v1_only", "is v1 only; a release has a hybrid one");
    if (!has_v1) return refuse("v2_only", "is v2 only; a release has a hybrid one");
    return check_keys(info,
                      {"file tree", "files", "meta version", "name", "piece length", "pieces"});
}

Outcome read_head(const Value& info, Torrent& torrent) {
    const Value& version = *info.find("meta version");
    if (!version.is_integer() || version.integer() != 2) {
        return refuse("version", "is of a version other than 2");
    }
    const Value* name = info.find("name");
    if (!name || !name->is_string()) return refuse("name", "has no name");
    if (name->string().find('/') != std::string_view::npos) {
        return refuse("slash", "its name holds a slash");
    }
    if (auto path = catalog::check_path(name->string()); !path) return path;
    torrent.name = name->string();
    const Value* length = info.find("piece length");
    if (!length || !length->is_integer() || length->integer() < std::int64_t{shortest_piece} ||
        length->integer() > std::int64_t{longest_piece} ||
        !std::has_single_bit(static_cast<std::uint64_t>(length->integer()))) {
        return refuse("piece_length", "its piece length is no power of two in 16 KiB to 16 MiB");
    }
    torrent.piece_length = static_cast<std::uint64_t>(length->integer());
    return {};
}

Outcome read_files(const Value& info, Torrent& torrent) {
    auto files = TreeReader().read(*info.find("file tree"));
    if (!files) return tl::unexpected(files.error());
    torrent.files = std::move(*files);
    if (auto v1 = V1Reader(torrent.files, torrent.piece_length)
                      .read(*info.find("files"), *info.find("pieces"));
        !v1) {
        return v1;
    }
    std::ranges::sort(torrent.files, {}, &Torrent::File::path);
    std::vector<std::string> paths;
    paths.reserve(torrent.files.size());
    for (const Torrent::File& file : torrent.files) {
        torrent.total_size += file.size;
        paths.push_back(file.path);
    }
    if (torrent.total_size == 0) return refuse("empty", "holds not one byte");
    return catalog::check_paths(paths);
}

/// Everything but the info dictionary's own bytes and hashes; gives these bytes. What was decoded,
/// which takes several times their memory, ends with it.
Result<std::string_view> read_torrent(std::string_view bytes, Torrent& torrent) {
    const auto outer = bencode::parse(bytes, limits);
    if (!outer) return tl::unexpected(outer.error());
    const Value* info = outer->find("info");
    if (!info || !info->is_dictionary()) return refuse("info", "has no info dictionary");
    if (auto keys = check_info_keys(*info); !keys) return tl::unexpected(keys.error());
    if (auto head = read_head(*info, torrent); !head) return tl::unexpected(head.error());
    if (auto files = read_files(*info, torrent); !files) return tl::unexpected(files.error());
    if (auto layers = read_layers(outer->find("piece layers"), torrent); !layers) {
        return tl::unexpected(layers.error());
    }
    return info->raw();
}

}  // namespace

std::uint64_t Torrent::piece_count() const {
    std::uint64_t count = 0;
    for (const File& file : files)
        count += pieces_of(file.size, piece_length);
    return count;
}

const Torrent::File* Torrent::find(std::string_view path) const {
    const auto at = std::ranges::lower_bound(files, path, {}, &File::path);
    return at != files.end() && at->path == path ? &*at : nullptr;
}

Result<Torrent> parse_torrent(std::string_view bytes) {
    if (bytes.size() > Torrent::size_cap) return refuse("too_large", "is larger than 64 MiB");
    Torrent torrent;
    const auto info = read_torrent(bytes, torrent);
    if (!info) return tl::unexpected(info.error());
    torrent.info = *info;
    torrent.btih = Digest<Sha1>().of(as_bytes(*info));
    torrent.id.info_hash_v2 = Digest<Sha256>().of(as_bytes(*info));
    return torrent;
}

}  // namespace croft::bundle
