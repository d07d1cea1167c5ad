// A feed with many releases that nobody could fetch: signed documents, and nothing else.
//
//     make_feed FOLDER COUNT

#include "base/file.h"
#include "bundle/feed_folder.h"
#include "testing/test_publisher.h"

#include <cstdlib>
#include <iostream>

namespace {

using namespace croft;

catalog::Catalogue::Entry entry(std::uint64_t number) {
    // Not in the order of their names: 7919 is prime.
    const std::string name = "papers" + std::to_string(number * 7919 % 1'000'003);
    auto entry = test::TestPublisher::edition(name, 1);
    entry.kind = catalog::Kind::papers;
    entry.title = {{"en", "Papers, part " + std::to_string(number)}};
    entry.languages = {"en"};
    entry.total_size = number * 1000 + 1;
    entry.bundle.info_hash_v2 = trust::sha256("bundle of " + name);
    std::copy_n(trust::sha256(name).bytes.begin(), entry.btih.bytes.size(),
                entry.btih.bytes.begin());
    return entry;
}

/// Valid on the day it is made.
test::TestPublisher publisher_of(Time now) {
    test::TestPublisher publisher;
    publisher.first.created = now - std::chrono::days(2);
    publisher.first.expires = now + std::chrono::days(300);
    publisher.chain = {
        publisher.sign(write(publisher.first), {&publisher.root1, &publisher.root2})};
    return publisher;
}

Outcome make_feed(const std::filesystem::path& folder, std::uint64_t count) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const test::TestPublisher publisher = publisher_of(now);
    auto catalogue = publisher.catalogue(1);
    catalogue.created = now - std::chrono::hours(1);
    catalogue.expires = now + std::chrono::days(90);
    for (std::uint64_t i = 0; i < count; ++i)
        catalogue.releases.push_back(entry(i));
    auto beacon = publisher.beacon(1, catalogue);
    beacon.created = now - std::chrono::hours(1);
    beacon.expires = now + std::chrono::days(14);

    if (auto made = make_folders(folder); !made) return made;
    auto written =
        bundle::write_signed(folder, bundle::layout::publisher(1), publisher.chain.front());
    if (written) {
        written = bundle::write_signed(folder, std::string(bundle::layout::beacon),
                                       publisher.sign(write(beacon), {&publisher.beacon_key}));
    }
    if (written) {
        written = bundle::write_signed(folder, std::string(bundle::layout::catalogue),
                                       publisher.sign(write(catalogue), {&publisher.daily}));
    }
    return written;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 3) return 2;
    const auto made = make_feed(arguments[1], std::strtoull(arguments[2], nullptr, 10));
    if (!made) std::cerr << made.error().message << '\n';
    return made ? 0 : 1;
}
