#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace croft::cli {

/// How a verdict is said: a mark, a word and a colour, never a colour alone.
enum class Mark {
    good,
    note,
    bad
};

/// What a command says and where: results on stdout, everything else on stderr. In a pipe there is
/// no colour, no progress bar and no truncation; `NO_COLOR`, `CLICOLOR_FORCE`, `TERM=dumb` and
/// `COLUMNS` hold.
class Output {
public:
    enum class Format {
        text,
        json,
        jsonl
    };

    Output();

    void set_format(Format format) { format_ = format; }
    bool is_text() const { return format_ == Format::text; }
    Format format() const { return format_; }

    /// One line of a result; nothing where JSON was asked for. Foreign text must come through
    /// `foreign`.
    void line(std::string_view text = {}) const;

    /// The one JSON document of `--json`, or one line of `--jsonl`; nothing in text mode.
    void json(std::string_view document) const;

    /// For people beside the result, on stderr; nothing where JSON was asked for.
    void note(std::string_view text) const;

    /// What failed, why, what to do, on stderr; as a problem object on stdout where JSON was asked
    /// for.
    void error(const Error& error, std::string_view mend = {}) const;

    /// `✔ valid`, `! unknown key`, `✘ INVALID`, coloured on a terminal, ASCII where the locale is
    /// not UTF-8.
    std::string mark(Mark mark, std::string_view word) const;
    std::string bold(std::string_view text) const;
    std::string dim(std::string_view text) const;

    /// Columns padded to their widest cell; the last one is not. Right-aligned where its head
    /// starts with a blank.
    void table(const std::vector<std::string>& head,
               const std::vector<std::vector<std::string>>& rows) const;

    bool is_terminal() const { return out_is_terminal_; }         ///< stdout
    bool can_draw() const { return err_is_terminal_ && !dumb_; }  ///< progress on stderr
    bool is_utf8() const { return utf8_; }
    int columns() const { return columns_; }

    /// Asks on the terminal; `otherwise` where there is none. Only "y" and "yes" mean yes.
    bool confirm(std::string_view question, bool otherwise = false) const;
    /// One line from the terminal; empty where there is none.
    std::string ask(std::string_view question) const;

private:
    std::string colour(std::string_view code, std::string_view text) const;

    Format format_ = Format::text;
    bool out_is_terminal_ = false, err_is_terminal_ = false, in_is_terminal_ = false;
    bool coloured_ = false, dumb_ = false, utf8_ = false;
    int columns_ = 80;
};

/// Text that somebody else chose, made harmless for a terminal.
std::string foreign(std::string_view text);

}  // namespace croft::cli
