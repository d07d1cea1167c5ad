#include "bundle/v1_twin.h"

#include "base/bencode.h"
#include "bundle/digest_impl.h"
#include "bundle/outer_dictionary_impl.h"

#include <cassert>

namespace croft::bundle {

V1Twin v1_twin_of(const Torrent& hybrid) {
    const auto info = bencode::parse(hybrid.info, {.depth = 40});
    assert(info);  // it was parsed before
    V1Twin twin{.btih = {}, .info = "d"};
    for (const auto& [key, value] : info->dictionary()) {
        if (key == "file tree" || key == "meta version") continue;
        bencode::append_string(twin.info, key);
        twin.info += value.raw();
    }
    twin.info += 'e';
    twin.btih = Digest<Sha1>().of(as_bytes(twin.info));
    return twin;
}

std::string v1_torrent(const V1Twin& twin, const std::vector<std::string>& trackers) {
    return outer_dictionary(twin.info, nullptr, trackers);
}

}  // namespace croft::bundle
