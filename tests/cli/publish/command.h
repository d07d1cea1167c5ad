#pragma once

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <string>

namespace croft::test {

/// Runs a line of shell: other people's tools are the judges of what we write.
struct CommandResult {
    int status = -1;
    std::string output;  ///< stdout and stderr
};

inline CommandResult shell(const std::string& line) {
    CommandResult result;
    FILE* pipe = ::popen(("exec 2>&1; " + line).c_str(), "r");
    std::array<char, 4096> piece{};
    while (const std::size_t got = std::fread(piece.data(), 1, piece.size(), pipe)) {
        result.output.append(piece.data(), got);
    }
    const int status = ::pclose(pipe);
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return result;
}

}  // namespace croft::test
