#pragma once

#include <string_view>

namespace croft {

/// Whether a numeric IP address is loopback, link-local, private, multicast or otherwise not of the
/// public internet (IANA's special-purpose registries): where a feed may not send us by itself.
/// An IPv6 address that carries an IPv4 one (mapped, NAT64, 6to4) is judged by that. True for text
/// that is no address.
bool is_private_address(std::string_view address);

/// Whether a URL's host is local by its very look: a private address, or a name that no public DNS
/// gives out (`localhost`, `nas`, `nas.local`, `.lan`, `.internal`, `.home.arpa`). Who gives us
/// such a host means the own network; any other name that leads there is a trick.
/// The old spellings of an IPv4 address that resolvers still take (`127.1`, `0x7f.1`) count as
/// local: nothing public is called so.
bool is_local_host(std::string_view host);

/// The same of a URL's host. True for what is no plain URL, or
/// has a user name in it: readers differ about where such a one leads.
bool is_local_url(std::string_view url);

}  // namespace croft
