#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
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

/// The most memory that this process ever had resident. (`wait4` tells of a child also what its
/// parent had when it was made.)
inline double peak_mib() {
    std::ifstream status("/proc/self/status");
    std::string word;
    while (status >> word && word != "VmHWM:") {
    }
    double kib = 0;
    status >> kib;
    return kib / 1024;
}

/// One line of the table: runs a program that says its peak as the last thing.
inline void peak(const std::string& what, const std::string& command, double at_most_mib) {
    double mib = 0;
    std::FILE* const said = ::popen(command.c_str(), "r");
    const bool is_said = said && std::fscanf(said, "%lf", &mib) == 1;
    const bool is_fine = said && ::pclose(said) == 0 && is_said;
    std::printf("%-52s | %7.1f MiB  |              | (<= %.0f)%s\n", what.c_str(), mib, at_most_mib,
                is_fine ? "" : " FAILED");
}

}  // namespace croft::bench
