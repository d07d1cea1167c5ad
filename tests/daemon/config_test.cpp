#include "config.h"

#include "testing/temporary_folder.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace croft {
namespace {

class ConfigTest : public testing::Test {
protected:
    void SetUp() override { ::setenv("XDG_CONFIG_HOME", folder_.path().c_str(), 1); }
    void TearDown() override {
        ::unsetenv("CROFT_MIRROR_BUDGET");
        ::unsetenv("CROFT_BITTORRENT_LISTEN");
    }

    void write_file(const std::string& text) {
        std::filesystem::create_directories(folder_.path() / "croft");
        std::ofstream(folder_.path() / "croft/croft.toml") << text;
    }

    static Result<Invocation> read(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), "croftd");
        std::vector<char*> argv;
        for (auto& argument : arguments)
            argv.push_back(argument.data());
        return read_invocation(static_cast<int>(argv.size()), argv.data());
    }

    static api::Setting setting(const Config& config, const std::string& key) {
        for (const auto& one : config.settings) {
            if (one.key == key) return one;
        }
        return {};
    }

    const test::TemporaryFolder folder_;
};

TEST_F(ConfigTest, FlagBeatsEnvironmentBeatsFileBeatsBuiltIn) {
    EXPECT_EQ(read({})->config.library.budget, std::nullopt);

    write_file("[mirror]\nbudget = \"1GiB\"\n");
    const auto from_file = read({});
    ASSERT_TRUE(from_file) << from_file.error().message;
    EXPECT_EQ(from_file->config.library.budget, 1ull << 30);
    EXPECT_EQ(setting(from_file->config, "mirror.budget").origin, "file");
    EXPECT_TRUE(setting(from_file->config, "mirror.budget").locked);

    ::setenv("CROFT_MIRROR_BUDGET", "2GiB", 1);
    EXPECT_EQ(setting(read({})->config, "mirror.budget").origin_detail, "CROFT_MIRROR_BUDGET");
    EXPECT_EQ(read({"--mirror.budget", "3GiB"})->config.library.budget, 3ull << 30);
    EXPECT_EQ(setting(read({"--mirror.budget=3GiB"})->config, "mirror.budget").origin, "flag");
}

TEST_F(ConfigTest, ReadsListsFromEverySource) {
    write_file("[bittorrent]\nlisten = [\"127.0.0.1:0\", \"[::1]:0\"]\n");
    EXPECT_EQ(read({})->config.swarm.listen, (std::vector<std::string>{"127.0.0.1:0", "[::1]:0"}));
    ::setenv("CROFT_BITTORRENT_LISTEN", "127.0.0.1:1,127.0.0.1:2", 1);
    EXPECT_EQ(read({})->config.swarm.listen,
              (std::vector<std::string>{"127.0.0.1:1", "127.0.0.1:2"}));
    EXPECT_EQ(read({"--bittorrent.listen", "127.0.0.1:3"})->config.swarm.listen,
              std::vector<std::string>{"127.0.0.1:3"});
}

TEST_F(ConfigTest, RefusesUnknownKeysAndNamesTheFile) {
    write_file("[mirror]\nbugdet = \"1GiB\"\n");
    const auto read_file = read({});
    ASSERT_FALSE(read_file);
    EXPECT_EQ(read_file.error().reason, "unknown_key");
    EXPECT_NE(read_file.error().message.find("mirror.bugdet"), std::string::npos);
    EXPECT_NE(read_file.error().message.find("croft.toml"), std::string::npos);
}

TEST_F(ConfigTest, RefusesValuesItCannotReadAndNamesTheirOrigin) {
    for (const auto& [flag, value] :
         std::vector<std::pair<std::string, std::string>>{{"--bittorrent.dht", "maybe"},
                                                          {"--mirror.budget", "much"},
                                                          {"--feeds.check_every", "0s"},
                                                          {"--mirror.roots", "here"},
                                                          {"--bittorrent.connections", "1"},
                                                          {"--daemon.log_level", "loud"}}) {
        const auto refused = read({flag, value});
        ASSERT_FALSE(refused) << flag;
        EXPECT_EQ(refused.error().code, Errc::invalid_argument) << flag;
        EXPECT_NE(refused.error().message.find(flag), std::string::npos) << refused.error().message;
    }
}

TEST_F(ConfigTest, SaysThatKeyOfALaterVersionHasNoEffect) {
    write_file("[mirror]\nscrub_days = 30\n");
    ASSERT_EQ(read({})->config.warnings.size(), 1U);
}

TEST_F(ConfigTest, MissesFileOnlyWhereItWasNamed) {
    EXPECT_TRUE(read({}));
    EXPECT_EQ(read({"--config", "/nowhere/croft.toml"}).error().reason, "no_config");
}

}  // namespace
}  // namespace croft
