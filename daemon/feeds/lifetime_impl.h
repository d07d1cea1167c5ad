#pragma once

#include <memory>
#include <utility>

namespace croft::feeds {

/// Ties callbacks to the life of the object that has this as a member: those that come later do
/// nothing. From one thread.
class Lifetime {
public:
    template <class Callback>
    auto guard(Callback callback) const {
        return [token = std::weak_ptr(token_),
                callback = std::move(callback)](auto&&... arguments) mutable {
            if (!token.expired()) callback(std::forward<decltype(arguments)>(arguments)...);
        };
    }

private:
    std::shared_ptr<int> token_ = std::make_shared<int>();
};

}  // namespace croft::feeds
