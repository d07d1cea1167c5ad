#pragma once

#include "cli/progress.h"

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace croft::cli {

/// A progress line for work on many threads: they add what they did, it draws itself.
class ByteMeter {
public:
    ByteMeter(const Output& output, std::string what, std::uint64_t total_bytes);
    ByteMeter(const ByteMeter&) = delete;
    ByteMeter& operator=(const ByteMeter&) = delete;

    void add(std::uint64_t bytes) { done_ += bytes; }

private:
    std::atomic<std::uint64_t> done_ = 0;
    Progress progress_;
    std::jthread drawing_;  // the last member: it uses the others
};

}  // namespace croft::cli
