#pragma once

#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

namespace croft::bench {

inline double seconds_of(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

inline double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

/// One line of the table: medians of five runs each, taken in turn, after one that does not count.
/// The ratio is how many times as fast as the other ours is.
inline void pair(const std::string& what, double megabytes, const std::function<void()>& ours,
                 const std::function<void()>& theirs, double at_least) {
    std::vector<double> our_times, their_times;
    ours();
    for (int run = 0; run < 5; ++run) {
        our_times.push_back(seconds_of(ours));
        their_times.push_back(seconds_of(theirs));
    }
    const double our_rate = megabytes / median(our_times);
    const double their_rate = megabytes / median(their_times);
    std::printf("%-52s | %7.0f MB/s | %7.0f MB/s | %5.2f (>= %.1f)\n", what.c_str(), our_rate,
                their_rate, our_rate / their_rate, at_least);
    std::fflush(stdout);
}

/// The most memory that a program takes, from its start to its end.
inline void peak(const std::string& what, const std::vector<std::string>& command,
                 double at_most_mib) {
    std::vector<char*> arguments;
    for (const std::string& word : command)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    pid_t child = 0;
    int status = ::posix_spawn(&child, arguments[0], nullptr, nullptr, arguments.data(), environ);
    rusage usage{};
    if (status == 0) ::wait4(child, &status, 0, &usage);
    std::printf("%-52s | %7.1f MiB  |              | (<= %.0f)%s\n", what.c_str(),
                static_cast<double>(usage.ru_maxrss) / 1024, at_most_mib,
                status == 0 ? "" : " FAILED");
}

}  // namespace croft::bench
