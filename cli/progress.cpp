#include "cli/progress.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

namespace croft::cli {
namespace {

std::string duration(double seconds) {
    const auto s = static_cast<std::uint64_t>(seconds);
    if (s >= 3600) return fmt::format("{} h {:02} min", s / 3600, s / 60 % 60);
    if (s >= 60) return fmt::format("{} min {:02} s", s / 60, s % 60);
    return fmt::format("{} s", s);
}

}  // namespace

Progress::Progress(const Output& output, std::string what)
    : output_(output), what_(std::move(what)) {}

Progress::~Progress() {
    if (visible_) std::cerr << "\r\x1b[K" << std::flush;
}

std::string Progress::text(std::string_view what, std::uint64_t done, std::uint64_t total,
                           double bytes_per_second, std::string_view beside) {
    std::string line = fmt::format("{}  {}", what, format_size(done));
    if (total > 0) {
        line += fmt::format(" of {}  {}%", format_size(total),
                            done >= total ? 100 : done * 100 / total);
    }
    if (bytes_per_second >= 1) {
        line += fmt::format("  {}/s", format_size(static_cast<std::uint64_t>(bytes_per_second)));
        if (total > done)
            line += "  " + duration(static_cast<double>(total - done) / bytes_per_second) + " left";
    }
    if (!beside.empty()) line += fmt::format("  {}", beside);
    return line;
}

void Progress::show(std::uint64_t done_bytes, std::uint64_t total_bytes, std::string_view beside) {
    const auto now = std::chrono::steady_clock::now();
    if (!output_.can_draw()) return say_why(beside, now);
    if (now - drawn_ < std::chrono::milliseconds(200)) return;
    if (measured_ != Instant{} && done_bytes >= measured_bytes_) {
        const std::chrono::duration<double> past = now - measured_;
        const double current = static_cast<double>(done_bytes - measured_bytes_) / past.count();
        rate_ = rate_ == 0 ? current : 0.8 * rate_ + 0.2 * current;
    }
    measured_ = now;
    measured_bytes_ = done_bytes;
    drawn_ = now;
    std::string line = text(what_, done_bytes, total_bytes, rate_, beside);
    if (line.size() >= static_cast<std::size_t>(output_.columns())) {
        line.resize(static_cast<std::size_t>(std::max(1, output_.columns() - 1)));
    }
    std::cerr << '\r' << line << "\x1b[K" << std::flush;
    visible_ = true;
}

/// In a log, one line when what it waits for changes, so that nobody wonders why it is silent.
void Progress::say_why(std::string_view beside, Instant now) {
    if (beside.empty() || beside == said_ || now - drawn_ < std::chrono::seconds(10)) return;
    drawn_ = now;
    said_ = beside;
    output_.note(what_ + ": " + said_);
}

}  // namespace croft::cli
