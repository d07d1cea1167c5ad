#include "catalog/beacon.h"

#include "catalog/json_reader_impl.h"
#include "catalog/json_writer_impl.h"

namespace croft::catalog {
namespace {
constexpr std::string_view type = "croft.beacon/1";
}

Result<Beacon> parse_beacon(const trust::Verified& document) {
    return json::read<Beacon>(document.document(), {type, Beacon::size_cap}, [](json::Reader& in) {
        Beacon beacon;
        beacon.publisher = in.publisher();
        beacon.serial = in.positive("serial");
        beacon.created = in.time("created");
        beacon.expires = in.time("expires");
        beacon.publisher_document = in.reference("publisher_doc");
        beacon.catalogue = in.reference("catalogue");
        in.require(beacon.created < beacon.expires, "expires_early",
                   "it expires before it was created");
        return beacon;
    });
}

std::string write(const Beacon& beacon) {
    json::Writer out;
    out.begin_object();
    out.member("type", type);
    out.member("publisher", beacon.publisher.hex());
    out.member("serial", beacon.serial);
    out.member("created", beacon.created);
    out.member("expires", beacon.expires);
    out.member("publisher_doc", beacon.publisher_document);
    out.member("catalogue", beacon.catalogue);
    out.end();
    return std::move(out).finish();
}

}  // namespace croft::catalog
