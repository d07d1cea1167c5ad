#include "base/file.h"
#include "bundle/feed_folder.h"
#include "feeds/folder_source_impl.h"
#include "feeds/lifetime_impl.h"

#include <filesystem>

namespace croft::feeds {
namespace {

class FolderSource final : public Source {
public:
    FolderSource(std::shared_ptr<Context> context, std::string folder)
        : context_(std::move(context)), folder_(std::move(folder)) {}

    const std::string& address() const override { return folder_; }

    void read_feed(StatePointer held, Freshness, Then<catalog::FeedBytes> then) override {
        const std::uint64_t first = held ? held->publisher.version + 1 : 1;
        read_on_pool([folder = folder_, first] { return bundle::read_feed(folder, first); },
                     std::move(then));
    }

    void remember(const catalog::FollowerState&) override {}

    void read_signed(std::string name, std::uint64_t cap_bytes, StatePointer,
                     Then<catalog::SignedBytes> then) override {
        read_on_pool([folder = folder_, name = std::move(name),
                      cap_bytes] { return bundle::read_signed(folder, name, cap_bytes); },
                     std::move(then));
    }

    void read(std::string name, std::uint64_t cap_bytes, Then<std::string> then) override {
        read_on_pool([path = std::filesystem::path(folder_) / name,
                      cap_bytes] { return read_file(path, cap_bytes); },
                     std::move(then));
    }

private:
    template <class Read, class Callback>
    void read_on_pool(Read read, Callback then) {
        context_->on_pool(std::move(read), lifetime_.guard(std::move(then)));
    }

    std::shared_ptr<Context> context_;
    const std::string folder_;
    const Lifetime lifetime_;
};

}  // namespace

std::shared_ptr<Source> make_folder_source(std::shared_ptr<Context> context, std::string folder) {
    return std::make_shared<FolderSource>(std::move(context), std::move(folder));
}

}  // namespace croft::feeds
