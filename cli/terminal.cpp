#include "cli/terminal.h"

#include "base/file.h"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace croft::cli {
namespace {

constexpr std::size_t longest_password = 1024;

volatile std::sig_atomic_t interrupted = 0;

/// While it lives nothing that is typed shows, and Ctrl-C ends `wait` instead of the process: a
/// terminal must not be left dumb.
class SilentTerminal {
public:
    explicit SilentTerminal(int terminal) : terminal_(terminal) {
        interrupted = 0;
        sigset_t interrupt{};
        sigemptyset(&interrupt);
        sigaddset(&interrupt, SIGINT);
        ::pthread_sigmask(SIG_BLOCK, &interrupt, &mask_before_);
        struct sigaction on_interrupt {};
        on_interrupt.sa_handler = [](int) { interrupted = 1; };
        ::sigaction(SIGINT, &on_interrupt, &handler_before_);
        ::tcgetattr(terminal_, &before_);
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        silent.c_lflag |= ECHONL;
        ::tcsetattr(terminal_, TCSAFLUSH, &silent);
    }
    SilentTerminal(const SilentTerminal&) = delete;
    SilentTerminal& operator=(const SilentTerminal&) = delete;
    ~SilentTerminal() {
        ::tcsetattr(terminal_, TCSAFLUSH, &before_);
        ::sigaction(SIGINT, &handler_before_, nullptr);
        ::pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
    }

    /// Until something was typed; false after Ctrl-C, which is let in here alone: one that comes
    /// just before is not lost.
    bool wait() const {
        sigset_t open = mask_before_;
        sigdelset(&open, SIGINT);
        pollfd typed{terminal_, POLLIN, 0};
        while (::ppoll(&typed, 1, nullptr, &open) < 0 && errno == EINTR && interrupted == 0) {
        }
        return interrupted == 0;
    }

private:
    int terminal_;
    termios before_{};
    sigset_t mask_before_{};
    struct sigaction handler_before_ {};
};

}  // namespace

Result<publish::SecretBytes> ask_secret(std::string_view question) {
    const Descriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC));
    if (!terminal) {
        return fail(Errc::unavailable, "no_terminal",
                    "there is no terminal to ask for a password: use --password-file");
    }
    const std::string prompt = std::string(question) + ": ";
    const SilentTerminal silent(terminal.number());
    if (::write(terminal.number(), prompt.data(), prompt.size()) < 0) {
        return tl::unexpected(system_error("write to", "/dev/tty", errno));
    }
    publish::SecretBytes typed(longest_password);
    std::size_t size = 0;
    while (size < longest_password) {
        if (!silent.wait()) return fail(Errc::cancelled, "cancelled", "interrupted");
        const ssize_t got = ::read(terminal.number(), typed.bytes().data() + size, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return tl::unexpected(system_error("read from", "/dev/tty", errno));
        if (got == 0 || typed.bytes()[size] == '\n') break;
        ++size;
    }
    typed.shorten(size);
    return typed;
}

}  // namespace croft::cli
