#include "cli/output.h"

#include "base/text.h"

#include <langinfo.h>
#include <nlohmann/json.hpp>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <iostream>

namespace croft::cli {
namespace {

bool is_set(const char* name) {
    const char* value = std::getenv(name);
    return value && *value;
}

int columns_of_terminal() {
    if (const char* given = std::getenv("COLUMNS")) {
        if (const int columns = std::atoi(given); columns > 0) return columns;
    }
    winsize size{};
    if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
    return 80;
}

std::size_t width(std::string_view text) {
    // Colours take no room: skip ESC [ … m.
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\x1b') {
            i = std::min(text.find('m', i), text.size());
        } else if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) {
            ++count;
        }
    }
    return count;
}

std::string padded(std::string_view text, std::size_t to, bool right) {
    const std::string blanks(to - std::min(to, width(text)), ' ');
    return right ? blanks + std::string(text) : std::string(text) + blanks;
}

}  // namespace

std::string foreign(std::string_view text) { return escape_control(text); }

Output::Output() {
    std::setlocale(LC_ALL, "");
    out_is_terminal_ = ::isatty(STDOUT_FILENO) == 1;
    err_is_terminal_ = ::isatty(STDERR_FILENO) == 1;
    in_is_terminal_ = ::isatty(STDIN_FILENO) == 1;
    const char* terminal = std::getenv("TERM");
    dumb_ = terminal && std::string_view(terminal) == "dumb";
    coloured_ = (out_is_terminal_ && !dumb_ && !is_set("NO_COLOR")) || is_set("CLICOLOR_FORCE");
    utf8_ = std::string_view(::nl_langinfo(CODESET)) == "UTF-8";
    columns_ = columns_of_terminal();
}

void Output::line(std::string_view text) const {
    if (is_text()) std::cout << text << '\n' << std::flush;
}

void Output::json(std::string_view document) const {
    if (!is_text()) std::cout << document << '\n' << std::flush;
}

void Output::note(std::string_view text) const {
    if (is_text()) std::cerr << text << '\n';
}

void Output::error(const Error& error, std::string_view mend) const {
    if (!is_text()) {
        json(nlohmann::json{
            {"code", name_of(error.code)}, {"reason", error.reason}, {"detail", error.message}}
                 .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
        return;
    }
    std::cerr << "croft: " << foreign(error.message) << '\n';
    if (!mend.empty()) std::cerr << "       " << mend << '\n';
}

std::string Output::colour(std::string_view code, std::string_view text) const {
    if (!coloured_) return std::string(text);
    return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

std::string Output::mark(Mark mark, std::string_view word) const {
    switch (mark) {
        case Mark::good: return colour("32", (utf8_ ? "✔ " : "ok ") + std::string(word));
        case Mark::note: return colour("33", "! " + std::string(word));
        case Mark::bad: return colour("1;31", (utf8_ ? "✘ " : "X ") + std::string(word));
    }
    return std::string(word);
}

std::string Output::bold(std::string_view text) const { return colour("1", text); }
std::string Output::dim(std::string_view text) const { return colour("2", text); }

void Output::table(const std::vector<std::string>& head,
                   const std::vector<std::vector<std::string>>& rows) const {
    std::vector<std::size_t> widths;
    for (const auto& cell : head)
        widths.push_back(width(cell));
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
            widths.at(i) = std::max(widths.at(i), width(row[i]));
    }
    const auto print = [&](const std::vector<std::string>& row, bool is_head) {
        std::string text;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const bool right = head[i].starts_with(' ');
            const bool last = i + 1 == row.size() && !right;
            text += last ? row[i] : padded(row[i], widths[i], right);
            if (i + 1 < row.size()) text += "  ";
        }
        line(is_head ? dim(text) : text);
    };
    print(head, true);
    for (const auto& row : rows)
        print(row, false);
}

std::string Output::ask(std::string_view question) const {
    if (!in_is_terminal_) return {};
    std::cerr << question << ' ' << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    return answer;
}

bool Output::confirm(std::string_view question, bool otherwise) const {
    if (!in_is_terminal_) return otherwise;
    const std::string answer = ask(std::string(question) + " [y/N]");
    return answer == "y" || answer == "Y" || answer == "yes";
}

}  // namespace croft::cli
