#include "cli/verify/trusted.h"

#include "verify_fixture.h"

namespace croft::cli::verify::test {
namespace {

/// What several of a computer's stores have seen of one publisher.
class Learn : public Documents {
protected:
    bundle::KnownPublisher known(const catalog::Catalogue& catalogue) const {
        return {"test", state_with(catalogue)};
    }
    Outcome learn(bundle::KnownPublisher& publisher_known, const catalog::Catalogue& other) const {
        return verify::learn(publisher_known, state_with(other), TestPublisher::now);
    }
};

TEST_F(Learn, KeepsTheNewerWhicheverWasKnownFirst) {
    const catalog::Catalogue newer = publisher.catalogue(9);
    auto first = known(seen);
    EXPECT_TRUE(learn(first, newer));
    EXPECT_EQ(first.state.catalogue->version, 9U);
    EXPECT_TRUE(learn(first, seen));
    EXPECT_EQ(first.state.catalogue->version, 9U);
    EXPECT_EQ(first.petname, "test");
}

TEST_F(Learn, TakesOverTheFloorsOfTheNewer) {
    auto publisher_known = known(seen);
    auto other = state_with(publisher.catalogue(9));
    other.floors["wiki"] = {57, {}};
    EXPECT_TRUE(verify::learn(publisher_known, other, TestPublisher::now));
    EXPECT_EQ(publisher_known.state.floors.at("wiki").serial, 57U);
}

TEST_F(Learn, SaysWhereTheTwoContradictEachOther) {
    auto publisher_known = known(seen);
    catalog::Catalogue other = seen;
    other.created -= std::chrono::hours(1);
    EXPECT_EQ(learn(publisher_known, other).error().code, Errc::equivocation);
}

}  // namespace
}  // namespace croft::cli::verify::test
