#pragma once

#include "bundle/sums.h"
#include "cli/exit_code.h"
#include "cli/publish/publisher_folder.h"
#include "cli/publish/sign.h"
#include "cli/verify/verify.h"
#include "testing/test_bundle.h"
#include "testing/test_publisher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace croft::cli::verify::test {

namespace fs = std::filesystem;
using croft::test::Signer;
using croft::test::TestPublisher;
using croft::test::write;

inline ExitCode code_of(const std::vector<Verdict>& verdicts) {
    std::vector<ExitCode> codes;
    for (const auto& verdict : verdicts)
        codes.push_back(verdict.error ? exit_code_for(verdict.error->code) : ExitCode::done);
    return gravest(codes);
}

/// Every path that a verdict calls damaged, missing or extra.
inline std::vector<std::string> named_paths(const std::vector<Verdict>& verdicts) {
    std::vector<std::string> paths;
    for (const auto& verdict : verdicts) {
        for (const auto* list : {&verdict.damaged, &verdict.missing, &verdict.extra})
            paths.insert(paths.end(), list->begin(), list->end());
    }
    return paths;
}

/// Documents of a publisher with test keys, of whom this computer has seen catalogue 5.
class Documents : public testing::Test {
protected:
    void SetUp() override {
        seen.version = 5;
        trusted.publishers = {{"test", state_with(seen)}};
        options.now = TestPublisher::now;
    }

    catalog::FollowerState state_with(const catalog::Catalogue& catalogue) const {
        return catalog::accept(publisher.begin(), publisher.feed(catalogue), TestPublisher::now)
            .value()
            .state;
    }

    /// Writes a file with the signatures of these; gives its path.
    fs::path put(const std::string& name, const std::string& document,
                 std::initializer_list<const Signer*> signers,
                 std::string_view comment = "for tests") const {
        const fs::path path = folder.path() / name;
        write(path, document);
        std::size_t count = 0;
        for (const auto* signer : signers) {
            const std::string id = count++ ? "." + signer->key().id.text() : "";
            write(path.native() + id + ".minisig", signer->sign(document, comment));
        }
        return path;
    }

    /// A bundle of these files and its list of sums.
    fs::path put_bundle(const std::map<std::string, std::string>& files,
                        std::initializer_list<const Signer*> signers,
                        std::string_view comment = "croft.sums/1 demo-1") const {
        std::vector<bundle::Sum> sums;
        for (const auto& [path, content] : files) {
            write(folder.path() / "copy" / path, content);
            sums.push_back({path, trust::sha256(content)});
        }
        put("copy/SHA256SUMS", bundle::write_sums(sums), signers, comment);
        return folder.path() / "copy";
    }

    std::vector<Verdict> verify(const fs::path& path) const {
        return verify::verify(path, trusted, options);
    }
    ExitCode code(const fs::path& path) const { return code_of(verify(path)); }
    std::string reason(const fs::path& path) const {
        const auto verdicts = verify(path);
        return verdicts.front().error ? verdicts.front().error->reason : "";
    }

    const TestPublisher publisher;
    const croft::test::TemporaryFolder folder;
    catalog::Catalogue seen = publisher.catalogue(5);
    Trusted trusted;
    Options options;
};

/// A feed with one release, made by publishing; whom the fingerprint names is believed.
class Feed : public croft::test::PublisherFolder {
protected:
    void SetUp() override {
        PublisherFolder::SetUp();
        ASSERT_TRUE(publish(request()));
        trusted.fingerprint = catalog::fingerprint(id());
        options.now = day(2);
    }

    catalog::PublisherId id() const {
        return {trust::sha256(croft::test::read(feed() / "publisher.1.json"))};
    }
    fs::path content() const { return feed() / "bundles/wiki-1"; }

    /// Signs a catalogue that follows the one in the feed.
    void change_catalogue(const std::function<void(catalog::Catalogue&)>& change) {
        const std::string document = croft::test::read(feed() / "catalogue.json");
        const auto pinned = trust::pinned(document, trust::sha256(document));
        auto catalogue = catalog::parse_catalogue(*pinned).value();
        ++catalogue.version;
        catalogue.previous.reset();
        change(catalogue);
        const std::string changed = catalog::write(catalogue);
        const catalog::SignedBytes bytes{
            changed, {croft::publish::sign(keys_.front(), changed, "for tests")}};
        ASSERT_TRUE(bundle::write_signed(feed(), "catalogue.json", bytes));
        fs::remove(feed() / "beacon.json");
        fs::remove(feed() / "beacon.json.minisig");
    }

    std::vector<Verdict> verify(const fs::path& path) const {
        return verify::verify(path, trusted, options);
    }
    ExitCode code(const fs::path& path) const { return code_of(verify(path)); }

    Trusted trusted;
    Options options;
};

}  // namespace croft::cli::verify::test
