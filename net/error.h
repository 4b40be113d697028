#pragma once
#include <cstdint>
#include <string_view>

namespace sb::net {

// What can go wrong between this process and a peer. Values are stable: they appear in logs and metrics.
enum class Error : std::uint8_t {
  bad_request,  // not an absolute http or https URL, or a method or header that cannot be sent
  resolve,      // the host name has no address
  connect,      // refused or unreachable
  tls,          // handshake or certificate verification failed
  timeout,      // connect or total time exceeded
  too_large,    // the response is larger than the caller allowed
  protocol,     // not HTTP, or cut off in the middle
  busy,         // the bounded queue for this host is full
  cancelled,    // the client was shut down first
  bind,         // the listening address cannot be used
  certificate,  // certificate or key file missing, unreadable or not matching
};

[[nodiscard]] std::string_view to_string(Error error);

}  // namespace sb::net
