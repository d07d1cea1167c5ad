// How fast a follower gets 1 GiB from a seed over loopback, to *complete*: our Swarm on both ends,
// against libtorrent alone on both ends with the same settings. Each end is a process of its own.
//
//   bench_download [MIB] [FOLDER]     FOLDER holds twice the size for a while; /dev/shm by default

#include "base/file.h"
#include "benchmarks/bare_swarm.h"
#include "benchmarks/pairs.h"
#include "bundle/piece_length.h"
#include "loop/loop.h"
#include "swarm/swarm.h"
#include "testing/test_bundle.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

extern char** environ;

namespace croft::bench {
namespace {

namespace fs = std::filesystem;

// Our ends.

swarm::Options options_for(const std::string& listen) {
    swarm::Options options;
    options.listen = {listen};
    options.dht_bootstrap.clear();
    options.dht = options.lsd = options.utp = false;
    return options;
}

swarm::Add bundle_in(const std::string& torrent, const fs::path& folder) {
    swarm::Add add;
    add.torrent = bundle::parse_torrent(torrent).value();
    add.folder = folder;
    return add;
}

void our_seed(const std::string& torrent, const fs::path& folder) {
    Loop loop;
    bool is_complete = false;
    std::string address;
    const auto tell = [&] {
        if (!is_complete || address.empty()) return;
        std::printf("ready %s\n", address.c_str());
        std::fflush(stdout);
        loop.stop();
    };
    const auto swarm = swarm::make_libtorrent_swarm(
        loop, options_for("127.0.0.2:0"), [&](const swarm::Event& event) {
            if (std::holds_alternative<swarm::Completed>(event)) is_complete = true;
            const auto* totals = std::get_if<swarm::Totals>(&event);
            if (totals && !totals->listening.empty()) address = totals->listening.front();
            tell();
        });
    swarm.value()->add(bundle_in(torrent, folder));
    loop.run();
    std::string until_the_end;
    std::getline(std::cin, until_the_end);
}

void our_fetch(const std::string& torrent, const fs::path& folder, const std::string& peer) {
    Loop loop;
    std::chrono::steady_clock::time_point start;
    const auto swarm = swarm::make_libtorrent_swarm(
        loop, options_for("127.0.0.1:0"), [&](const swarm::Event& event) {
            if (!std::holds_alternative<swarm::Completed>(event)) return;
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
            std::printf("done %.4f %lld\n", took.count(),
                        static_cast<long long>(loop.lag().count()));
            std::fflush(stdout);
            loop.stop();
        });
    start = std::chrono::steady_clock::now();
    auto add = bundle_in(torrent, folder);
    add.peers = {peer};
    swarm.value()->add(std::move(add));
    loop.run();
}

// Processes.

/// This program again, in one of its parts, on pipes.
class Process {
public:
    explicit Process(std::vector<std::string> arguments) {
        std::array<int, 2> in{}, out{};
        if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) {
            throw std::runtime_error("pipe");
        }
        arguments.insert(arguments.begin(), "bench_download");
        std::vector<char*> argv;
        for (auto& argument : arguments)
            argv.push_back(argument.data());
        argv.push_back(nullptr);
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
        if (::posix_spawn(&pid_, "/proc/self/exe", &actions, nullptr, argv.data(), environ) != 0) {
            throw std::runtime_error("spawn");
        }
        ::posix_spawn_file_actions_destroy(&actions);
        ::close(in[0]);
        ::close(out[1]);
        to_ = in[1];
        from_ = ::fdopen(out[0], "r");
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    /// The words of the next line, after the one that is expected first.
    std::vector<std::string> expect(const std::string& first) {
        std::array<char, 200> line{};
        if (!std::fgets(line.data(), line.size(), from_)) throw std::runtime_error("it died");
        std::istringstream words(line.data());
        std::string word;
        std::vector<std::string> rest;
        words >> word;
        if (word != first) throw std::runtime_error("it said " + word);
        while (words >> word)
            rest.push_back(word);
        return rest;
    }

    /// Lets it end; the most memory that it held.
    double end_and_peak_mib() {
        ::close(to_);
        rusage usage{};
        int status = 0;
        ::wait4(pid_, &status, 0, &usage);
        std::fclose(from_);
        return static_cast<double>(usage.ru_maxrss) / 1024;
    }

private:
    pid_t pid_ = 0;
    int to_ = -1;
    std::FILE* from_ = nullptr;
};

// The comparison.

struct Run {
    std::vector<double> seconds, lags_ms;
    double seed_peak = 0, fetch_peak = 0;

    void take(const std::string& who, const fs::path& torrent, const fs::path& source,
              const fs::path& target) {
        Process seed({who + "-seed", torrent, source});
        const auto address = seed.expect("ready").at(0);
        fs::remove_all(target.parent_path());
        fs::create_directories(target.parent_path());
        Process fetch({who + "-fetch", torrent, target, address});
        const auto words = fetch.expect("done");
        seconds.push_back(std::stod(words.at(0)));
        if (words.size() > 1) lags_ms.push_back(std::stod(words[1]) / 1000);
        fetch_peak = std::max(fetch_peak, fetch.end_and_peak_mib());
        seed_peak = std::max(seed_peak, seed.end_and_peak_mib());
        fs::remove_all(target.parent_path());
    }
};

fs::path write_source(const fs::path& home, std::uint64_t size) {
    const fs::path folder = home / "source/bench-1";
    fs::create_directories(folder);
    std::ofstream file(folder / "big.bin", std::ios::binary);
    std::mt19937_64 random(1);
    std::vector<std::uint64_t> block(1 << 17);
    for (std::uint64_t written = 0; written < size; written += 1 << 20) {
        for (auto& word : block)
            word = random();
        file.write(reinterpret_cast<const char*>(block.data()), 1 << 20);
    }
    std::ofstream(folder / "SHA256SUMS") << "stands for the small files of a bundle\n";
    return folder;
}

void print(const char* name, const Run& run, double megabytes) {
    std::printf("%-6s | %7.0f MB/s | seed peak %6.1f MiB | follower peak %6.1f MiB\n", name,
                megabytes / median(run.seconds), run.seed_peak, run.fetch_peak);
}

void compare(std::uint64_t mib, const fs::path& home) {
    const fs::path source = write_source(home, mib << 20);
    const std::array<std::uint64_t, 2> sizes = {mib << 20, 100};
    const auto made = test::torrent_of(source, bundle::choose_piece_length(sizes));
    const fs::path torrent = home / "bench-1.torrent";
    std::ofstream(torrent, std::ios::binary) << bundle::with_trackers(made, {});
    Run ours, bare;
    for (int run = 0; run < 5; ++run) {
        ours.take("our", torrent, source, home / "target/bench-1");
        bare.take("bare", torrent, source, home / "target/bench-1");
    }
    const double megabytes = static_cast<double>(mib << 20) / 1e6;
    std::printf("%llu MiB over loopback to complete, medians of 5, piece length %llu KiB\n",
                static_cast<unsigned long long>(mib),
                static_cast<unsigned long long>(made.piece_length / 1024));
    print("croft", ours, megabytes);
    print("bare", bare, megabytes);
    std::printf("ratio  | %7.2f (>= 0.9) | peaks <= 100 MiB | loop's longest wait %.1f ms\n",
                median(bare.seconds) / median(ours.seconds),
                *std::ranges::max_element(ours.lags_ms));
}

int run(const std::vector<std::string>& arguments) {
    const std::string part = arguments.empty() ? "" : arguments[0];
    const auto torrent = [&] { return read_file(arguments.at(1), 1 << 26).value(); };
    if (part == "our-seed") return our_seed(torrent(), arguments.at(2)), 0;
    if (part == "our-fetch") return our_fetch(torrent(), arguments.at(2), arguments.at(3)), 0;
    if (part == "bare-seed") return bare_seed(torrent(), arguments.at(2)), 0;
    if (part == "bare-fetch") return bare_fetch(torrent(), arguments.at(2), arguments.at(3)), 0;

    const std::uint64_t mib = part.empty() ? 1024 : std::stoull(part);
    fs::path home = arguments.size() > 1 ? fs::path(arguments[1]) : fs::path("/dev/shm");
    home /= "croft-bench-" + std::to_string(::getpid());
    compare(mib, home);
    fs::remove_all(home);
    return 0;
}

}  // namespace
}  // namespace croft::bench

int main(int count, char** arguments) {
    try {
        return croft::bench::run({arguments + 1, arguments + count});
    } catch (const std::exception& error) {
        std::cerr << "bench_download: " << error.what() << '\n';
        return 1;
    }
}
