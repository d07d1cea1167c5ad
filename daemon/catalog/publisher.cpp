#include "catalog/publisher.h"

#include "base/text.h"
#include "catalog/json_reader_impl.h"
#include "catalog/json_writer_impl.h"

#include <algorithm>

namespace croft::catalog {
namespace {

constexpr std::string_view type = "croft.publisher/1";
constexpr std::size_t salt_cap = 64;  // BEP 44

using Keys = std::map<std::string, trust::PublicKey>;  // by the hex digits of the key

Keys read_keys(json::Reader& in) {
    Keys keys;
    for (auto& [hex, description] : in.named_objects("keys")) {
        const auto key = trust::PublicKey::parse(description.text("minisign"));
        if (!key) {
            in.require(Outcome(tl::unexpected(key.error())));
            continue;
        }
        in.require(key->hex() == hex, "key_mismatch",
                   "key " + escape_control(hex) + " is another in minisign's form");
        keys.emplace(hex, *key);
    }
    return keys;
}

Publisher::Role read_role(json::Reader& in, const Keys& keys) {
    Publisher::Role role;
    role.threshold = static_cast<std::size_t>(in.positive("threshold"));
    for (const std::string& hex : in.texts("keys")) {
        const auto key = keys.find(hex);
        in.require(key != keys.end(), "role_key_unknown", "a role names a key that is not in keys");
        if (key == keys.end()) continue;
        in.require(std::ranges::find(role.keys, key->second) == role.keys.end(),
                   "role_key_duplicate", "a role names a key twice");
        role.keys.push_back(key->second);
    }
    in.require(role.threshold <= role.keys.size(), "role_threshold",
               "a role needs more signatures than it has keys");
    return role;
}

Publisher::Role read_role(json::Reader in, std::string_view name, const Keys& keys) {
    json::Reader role = in.object(name);
    return read_role(role, keys);
}

/// Bytes written as hex digits, which JSON can't carry otherwise.
std::string read_salt(json::Reader& in) {
    const std::string digits = in.text("salt");
    std::string salt(digits.size() / 2, '\0');
    const bool is_hex =
        digits.size() % 2 == 0 && salt.size() <= salt_cap &&
        from_hex(digits, {reinterpret_cast<std::uint8_t*>(salt.data()), salt.size()});
    in.require(is_hex, "member_hex",
               "beacon.salt is not at most 64 bytes in lower-case hex digits");
    return salt;
}

void read_beacon(Publisher& publisher, json::Reader in) {
    publisher.beacon_salt = read_salt(in);
    publisher.feeds = in.urls("http");
    if (!in.has("key")) return;
    const std::string hex = in.text("key");
    const auto& keys = publisher.beacon.keys;
    const auto key = std::ranges::find(keys, hex, &trust::PublicKey::hex);
    in.require(key != keys.end(), "beacon_key", "beacon.key is no key of the beacon role");
    if (key != keys.end()) publisher.beacon_key = *key;
}

std::vector<Publisher::Revoked> read_revoked(json::Reader& in) {
    std::vector<Publisher::Revoked> list;
    for (json::Reader& entry : in.objects("revoked", json::optional)) {
        Publisher::Revoked revoked;
        revoked.key.ed25519 = entry.sha256("key").bytes;
        revoked.from_catalogue = entry.number("from_catalogue");
        revoked.reason = entry.text("reason", json::optional);
        list.push_back(std::move(revoked));
    }
    return list;
}

Publisher::Reset read_reset(json::Reader in) {
    Publisher::Reset reset;
    if (in.has("catalogue")) reset.catalogue = in.positive("catalogue");
    if (in.has("beacon")) reset.beacon = in.positive("beacon");
    return reset;
}

void check(const Publisher& publisher, json::Reader& in) {
    in.require(publisher.created < publisher.expires, "expires_early",
               "it expires before it was created");
    in.require(publisher.previous.has_value() == (publisher.version > 1), "previous_missing",
               "previous stands in every version but the first");
    in.require(!publisher.previous || publisher.previous->version < publisher.version,
               "previous_version", "it follows a later version");
}

void write_keys(json::Writer& out, const Publisher& publisher) {
    out.begin_object("keys");
    std::vector<trust::PublicKey> written;
    for (const auto* role : {&publisher.root, &publisher.release, &publisher.beacon}) {
        for (const auto& key : role->keys) {
            if (std::ranges::find(written, key) != written.end()) continue;
            out.begin_object(key.hex());
            out.member("minisign", key.minisign());
            out.end();
            written.push_back(key);
        }
    }
    out.end();
}

void write_role(json::Writer& out, std::string_view name, const Publisher::Role& role) {
    out.begin_object(name);
    out.member("threshold", std::uint64_t{role.threshold});
    std::vector<std::string> keys;
    for (const auto& key : role.keys)
        keys.push_back(key.hex());
    out.member("keys", keys);
    out.end();
}

void write_beacon(json::Writer& out, const Publisher& publisher) {
    out.begin_object("beacon");
    if (publisher.beacon_key) out.member("key", publisher.beacon_key->hex());
    out.member("salt", to_hex(as_bytes(publisher.beacon_salt)));
    out.member("http", publisher.feeds);
    out.end();
}

void write_revoked(json::Writer& out, const std::vector<Publisher::Revoked>& list) {
    if (list.empty()) return;
    out.begin_list("revoked");
    for (const auto& revoked : list) {
        out.begin_object();
        out.member("key", revoked.key.hex());
        out.member("from_catalogue", revoked.from_catalogue);
        out.member_if("reason", revoked.reason);
        out.end();
    }
    out.end();
}

void write_reset(json::Writer& out, const Publisher::Reset& reset) {
    out.begin_object("reset");
    if (reset.catalogue) out.member("catalogue", *reset.catalogue);
    if (reset.beacon) out.member("beacon", *reset.beacon);
    out.end();
}

}  // namespace

trust::Keyring Publisher::ring_of(const Role& role) const {
    std::vector<trust::PublicKey> keys;
    for (const auto& key : role.keys) {
        if (!revocation_of(key)) keys.push_back(key);
    }
    return {std::move(keys), role.threshold};
}

const Publisher::Revoked* Publisher::revocation_of(const trust::PublicKey& key) const {
    const auto at = std::ranges::find(revoked, key, &Revoked::key);
    return at == revoked.end() ? nullptr : &*at;
}

Result<Publisher> parse_publisher(const trust::Verified& document) {
    return json::read<Publisher>(
        document.document(), {type, Publisher::size_cap}, [](json::Reader& in) {
            Publisher publisher;
            publisher.version = in.positive("version");
            publisher.created = in.time("created");
            publisher.expires = in.time("expires");
            publisher.name = in.text("name");
            publisher.homepage = in.text("homepage", json::optional);
            const Keys keys = read_keys(in);
            const json::Reader roles = in.object("roles");
            publisher.root = read_role(roles, "root", keys);
            publisher.release = read_role(roles, "release", keys);
            publisher.beacon = read_role(roles, "beacon", keys);
            read_beacon(publisher, in.object("beacon"));
            publisher.revoked = read_revoked(in);
            if (in.has("reset")) publisher.reset = read_reset(in.object("reset"));
            if (in.has("previous")) {
                json::Reader previous = in.object("previous");
                publisher.previous = {previous.positive("version"), previous.sha256("sha256")};
            }
            check(publisher, in);
            return publisher;
        });
}

std::string write(const Publisher& publisher) {
    json::Writer out;
    out.begin_object();
    out.member("type", type);
    out.member("version", publisher.version);
    out.member("created", publisher.created);
    out.member("expires", publisher.expires);
    out.member("name", publisher.name);
    out.member_if("homepage", publisher.homepage);
    write_keys(out, publisher);
    out.begin_object("roles");
    write_role(out, "root", publisher.root);
    write_role(out, "release", publisher.release);
    write_role(out, "beacon", publisher.beacon);
    out.end();
    write_beacon(out, publisher);
    if (publisher.previous) {
        out.begin_object("previous");
        out.member("version", publisher.previous->version);
        out.member("sha256", publisher.previous->sha256.hex());
        out.end();
    }
    write_revoked(out, publisher.revoked);
    if (publisher.reset) write_reset(out, *publisher.reset);
    out.end();
    return std::move(out).finish();
}

}  // namespace croft::catalog
