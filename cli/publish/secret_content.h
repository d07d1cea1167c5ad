#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace croft::publish {

/// Looks for keys and tokens in text that comes in pieces: private keys in PEM's armour (OpenSSH
/// and OpenPGP use it too), secret keys of minisign and signify, AWS's secret keys where they are
/// assigned, tokens of GitHub and Slack. By their shapes alone; UTF-16's NUL bytes are skipped.
class SecretFinder {
public:
    void take(std::span<const std::uint8_t> piece);
    void finish();

    /// What the first one looks like: "a private key"; empty where there is none. Never the secret.
    std::string_view found() const { return found_; }
    std::uint64_t line() const { return found_at_; }

private:
    void take(std::string_view text);
    void keep(std::string_view part);
    void take_word(std::string_view word);
    void end_line();

    std::string word_;  // the beginning of a word that goes on in the next piece
    bool in_armour_ = false, aws_is_next_ = false;
    std::string_view found_;
    std::uint64_t line_ = 1, found_at_ = 0;
};

}  // namespace croft::publish
