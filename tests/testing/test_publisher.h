#pragma once

#include "catalog/follower.h"
#include "testing/signer.h"

#include <string>
#include <vector>

namespace croft::test {

/// A publisher with test keys: two of three root keys, one release key, one beacon key. Its
/// documents are values that a test may spoil before they are signed.
class TestPublisher {
public:
    const Signer root1{11}, root2{12}, root3{13}, daily{21}, beacon_key{31}, stranger{99};

    TestPublisher() {
        first.version = 1;
        first.created = now - std::chrono::days(300);
        first.expires = now + std::chrono::days(300);
        first.name = "Test";
        first.root = {2, {root1.key(), root2.key(), root3.key()}};
        first.release = {1, {daily.key()}};
        first.beacon = {1, {beacon_key.key()}};
        first.beacon_salt = "croft/1";
        chain.push_back(sign(write(first), {&root1, &root2}));
    }

    static catalog::SignedBytes sign(const std::string& document,
                                     std::initializer_list<const Signer*> signers) {
        catalog::SignedBytes bytes{document, {}};
        for (const auto* signer : signers)
            bytes.signatures.push_back(signer->sign(document));
        return bytes;
    }

    catalog::PublisherId id() const { return {trust::sha256(chain.front().document)}; }

    /// What the newest root document is called by others.
    catalog::DocumentRef reference() const {
        const std::string& newest = chain.back().document;
        return {chain.size(), trust::sha256(newest), newest.size()};
    }

    /// The root document after the newest, for a test to change, sign and append to `chain`.
    catalog::Publisher successor() const {
        catalog::Publisher next = first;
        next.version = chain.size() + 1;
        next.previous = {chain.size(), trust::sha256(chain.back().document)};
        return next;
    }

    void rotate(const catalog::Publisher& next) {
        chain.push_back(sign(write(next), {&root1, &root2}));
    }

    catalog::Catalogue catalogue(std::uint64_t version) const {
        catalog::Catalogue catalogue;
        catalogue.publisher = id();
        catalogue.publisher_document = reference();
        catalogue.version = version;
        catalogue.created = now - std::chrono::days(1);
        catalogue.expires = now + std::chrono::days(90);
        return catalogue;
    }

    /// An edition whose manifest has `content` for its hash.
    static catalog::Catalogue::Entry edition(const std::string& name, std::uint64_t serial,
                                             const std::string& content = "manifest") {
        catalog::Catalogue::Entry entry;
        entry.release = {name, serial};
        entry.licence = "CC0-1.0";
        entry.manifest = {"releases/" + entry.release.text() + ".json",
                          trust::sha256(entry.release.text() + content), 1};
        return entry;
    }

    catalog::FeedBytes feed(const catalog::Catalogue& catalogue) const {
        return {chain, sign(write(catalogue), {&daily}), {}};
    }

    catalog::Beacon beacon(std::uint64_t serial, const catalog::Catalogue& newest) const {
        const std::string bytes = write(newest);
        return {id(),
                serial,
                now - std::chrono::hours(1),
                now + std::chrono::days(14),
                reference(),
                {newest.version, trust::sha256(bytes), bytes.size()}};
    }

    catalog::FollowerState begin() const {
        return catalog::begin(id(), std::span(chain).first(1), now).value();
    }

    static constexpr Time now{std::chrono::sys_days(std::chrono::year(2026) / 6 / 1)};
    catalog::Publisher first;
    std::vector<catalog::SignedBytes> chain;
};

}  // namespace croft::test
